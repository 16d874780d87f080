using System.Collections.Immutable;
using Plexum.Codex.CodexConfig;
using Plexum.Codex.Posix.Paths;
using Plexum.Codex.Processes;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Sandboxing;

/// <summary>Prepares the sandbox of a turn, and for a confined one makes sure that it works here.</summary>
/// <param name="confined">What confined commands may not read.</param>
/// <param name="codexHome">Codex's home.</param>
/// <param name="environment">Codex's environment.</param>
/// <param name="extraArguments">The configuration's <c>extra_args</c>.</param>
/// <param name="time">The clock.</param>
public sealed class SandboxPreparation(
    ConfinedSettings confined,
    string codexHome,
    ProcessEnvironment environment,
    ImmutableArray<string> extraArguments,
    TimeProvider time
)
{
    /// <summary>
    /// Nobody is asked whether a command may leave the sandbox. That is codex's default for <c>exec</c>, but a configuration with
    /// <c>approvals_reviewer = "auto_review"</c> has a model decide (measured on 0.169.0).
    /// </summary>
    internal const string NoApprovals = "approval_policy=\"never\"";

    private const string HomeVariable = "HOME";

    /// <summary>
    /// The oldest codex that confines commands. In 0.145.0, commands of root can unmount what hides a path; in 0.135.0, commands that a
    /// rule of the user's allows run outside the sandbox although paths are denied. Neither is so in 0.150.0.
    /// </summary>
    public static readonly Version OldestConfining = new(0, 150, 0);

    /// <summary>Prepares it. File work.</summary>
    /// <param name="sandbox">What the model's commands may do.</param>
    /// <param name="binary">The codex that will run them.</param>
    /// <param name="workspace">The absolute path of the workspace, which exists.</param>
    /// <param name="isRequested">
    /// Whether the turn's request names the sandbox. The extra arguments are the word of the owner, as the setting is, and may change what
    /// the setting says; they may not change what a request relies on.
    /// </param>
    /// <exception cref="SandboxUnavailableException">Commands cannot be confined here, or the sandbox would not hold.</exception>
    public async Task<PreparedSandbox> PrepareAsync(CodexSandbox sandbox, CodexBinary binary, string workspace, bool isRequested = false)
    {
        ArgumentNullException.ThrowIfNull(binary);
        if (isRequested && sandbox is CodexSandbox.WorkspaceWrite or CodexSandbox.ReadOnly)
        {
            ThrowIfLoosened(sandbox);
        }

        var overrides = sandbox == CodexSandbox.Confined ? await ConfineAsync(binary, workspace).ConfigureAwait(false) : [];
        return new PreparedSandbox(sandbox, overrides, Permissions() is { } user && user.IsReplacedBy(sandbox) ? user : null);
    }

    private async Task<ImmutableArray<string>> ConfineAsync(CodexBinary binary, string workspace)
    {
        if (binary.Version < OldestConfining)
        {
            throw new SandboxUnavailableException(
                $"codex {binary.Version} at {binary.Path} cannot confine commands; {OldestConfining} or newer can. "
                    + "Update it with \"npm install -g @openai/codex@latest\"."
            );
        }

        ThrowIfLoosened(CodexSandbox.Confined);
        var place = new ConfinedPlace(workspace, codexHome, RealPath.OfAnything(binary.Path) ?? binary.Path, Homes());
        var denied = DeniedPaths.Find(confined, place);
        var profile = new ConfinedProfile(denied.All, confined.Network);
        var reason = await ConfinementProbe.WhyNotAsync(profile, denied.ToTry, binary, environment, workspace, time).ConfigureAwait(false);
        return reason is null
            ? profile.Overrides
            : throw new SandboxUnavailableException(
                $"codex cannot confine commands here. {reason} Run plexum-codex outside a container, as a user who may create "
                    + "user namespaces, or choose another sandbox."
            );
    }

    private void ThrowIfLoosened(CodexSandbox sandbox)
    {
        if (ExtraArguments.FindLoosening(extraArguments) is { } argument)
        {
            throw new SandboxUnavailableException(
                $"The sandbox {sandbox.ToWireName()} would not hold, because \"{argument}\" in codex's extra arguments may allow more. "
                    + "Remove it there, or choose another sandbox."
            );
        }
    }

    // Codex may be given another home than this process has; the secrets in both are the user's.
    private ImmutableArray<string> Homes() =>
        [
            .. new[]
            {
                environment.Added.GetValueOrDefault(HomeVariable) ?? Environment.GetEnvironmentVariable(HomeVariable),
                Environment.GetFolderPath(Environment.SpecialFolder.UserProfile, Environment.SpecialFolderOption.DoNotVerify),
            }
                .OfType<string>()
                .Where(Path.IsPathFullyQualified)
                .Select(Path.TrimEndingDirectorySeparator)
                .Distinct(StringComparer.Ordinal),
        ];

    // Of a file that cannot be read codex itself says so and does not start.
    private UserPermissions? Permissions()
    {
        try
        {
            return UserPermissions.Find(codexHome);
        }
        catch (CodexConfigException)
        {
            return null;
        }
    }
}
