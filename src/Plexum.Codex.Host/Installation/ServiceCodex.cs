using System.Diagnostics;
using Plexum.Codex.Processes;
using Plexum.Codex.Processes.Search;

namespace Plexum.Codex.Host.Installation;

/// <summary>The codex of a service, which has little of a shell's environment.</summary>
/// <param name="Path">The path to save: the name by which this shell finds it, which survives updates.</param>
/// <param name="SearchPath">
/// The PATH that the service needs, because codex is started by a program that looks for others on it; null for systemd's.
/// </param>
internal sealed record ServiceCodex(string Path, string? SearchPath)
{
    /// <summary>What speaks against it without being certain, as sentences; null for nothing.</summary>
    public string? Warning { get; init; }

    // The least that a user's systemd gives a service: systemd.exec(5).
    private const string DefaultPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    private static readonly string[] OfLogin = ["HOME", "USER", "LOGNAME", "SHELL", "LANG", "XDG_RUNTIME_DIR"];

    /// <summary>
    /// Finds codex and tries it as a service would start it that has nothing but what systemd itself sets. A user's manager may pass more,
    /// from <c>environment.d</c> or <c>systemctl --user import-environment</c>, so a failure is no proof.
    /// </summary>
    /// <param name="configured">The setting.</param>
    /// <param name="variables">The variables that the unit sets.</param>
    /// <param name="cancellationToken">Cancels the wait for codex's answers.</param>
    /// <exception cref="CodexUnavailableException">It is missing or too old.</exception>
    public static async Task<ServiceCodex> FindAsync(
        string configured,
        IReadOnlyList<KeyValuePair<string, string>> variables,
        CancellationToken cancellationToken
    )
    {
        var own = Environment.GetEnvironmentVariable("PATH");
        var binary = await CodexBinary.ResolveAsync(configured, own, cancellationToken: cancellationToken).ConfigureAwait(false);
        var path = LastingPath.Of(binary.FoundAs, LastingPath.RuntimeDirectory);
        var program = binary.Path == binary.FoundAs ? path : binary.Path;
        if (await WhyNotAsync(program, variables, DefaultPath, cancellationToken).ConfigureAwait(false) is null)
        {
            return new ServiceCodex(path, null);
        }

        var lasting = Lasting(own);
        return await WhyNotAsync(program, variables, lasting, cancellationToken).ConfigureAwait(false) is not { } problem
            ? new ServiceCodex(path, lasting)
            : new ServiceCodex(path, null)
            {
                Warning =
                    $"{path} starts codex in this shell, and does not with the shell's PATH alone: {problem} If your systemd does not pass "
                    + "what it needs (systemctl --user show-environment shows that), set codex.binary to codex itself; a version manager "
                    + "names it, as with \"mise which codex\" or \"asdf which codex\".",
            };
    }

    private static string Lasting(string? searchPath) =>
        string.Join(
            System.IO.Path.PathSeparator,
            (searchPath ?? "")
                .Split(System.IO.Path.PathSeparator)
                .Where(System.IO.Path.IsPathFullyQualified)
                .Select(directory => LastingPath.OfDirectory(directory, LastingPath.RuntimeDirectory))
                .Distinct(StringComparer.Ordinal)
        );

    private static async Task<string?> WhyNotAsync(
        string program,
        IReadOnlyList<KeyValuePair<string, string>> variables,
        string searchPath,
        CancellationToken cancellationToken
    )
    {
        // A user's systemd starts services in the home directory.
        var start = new ProcessStartInfo(program) { WorkingDirectory = TrustedPlace.Outside() };
        start.Environment.Clear();
        foreach (var name in OfLogin)
        {
            if (Environment.GetEnvironmentVariable(name) is { } value)
            {
                start.Environment[name] = value;
            }
        }

        foreach (var (name, value) in variables)
        {
            start.Environment[name] = value;
        }

        start.Environment["PATH"] = searchPath;
        try
        {
            _ = await CodexBinary.AskVersionAsync(start, cancellationToken).ConfigureAwait(false);
            return null;
        }
        catch (CodexUnavailableException e)
        {
            return e.Message;
        }
    }
}
