using System.Collections;
using System.Collections.Immutable;
using System.Globalization;
using Plexum.Codex.Posix;
using Plexum.Codex.Posix.Ownership;
using Plexum.Codex.Posix.Paths;

namespace Plexum.Codex.Host.Ownership;

/// <summary>
/// Refuses files that decide what this program runs if another user could change them: promise S12 of docs/security.md.
/// <see cref="StrictModes"/> has the rules.
/// </summary>
internal static class OwnerCheck
{
    /// <summary>
    /// The environment variable that switches the check off, as <c>StrictModes no</c> does for sshd. It is no setting, because the files
    /// that are checked must not switch it off.
    /// </summary>
    public const string SwitchVariable = "PLEXUM_STRICT_MODES";

    // What codex reads to know which programs to start; all else is in directories that are checked with the first.
    private static readonly string[] FilesOfCodex = ["config.toml", "hooks.json", "AGENTS.md", "auth.json"];

    /// <summary>What to tell a user who has switched the check off.</summary>
    public static ImmutableArray<string> OffWarning { get; } =
    [$"{SwitchVariable} is off: other users may be able to change the profile, and so what is run as this user."];

    private static uint User { get; } = Libc.EffectiveUser();

    /// <summary>Whether the check is on.</summary>
    /// <exception cref="ConfigurationProblemsException">The variable has an invalid value.</exception>
    public static bool IsOn(IDictionary environment) =>
        (environment[SwitchVariable] as string) switch
        {
            null or "" or "on" => true,
            "off" => false,
            { } other => throw new ConfigurationProblemsException([$"{SwitchVariable} must be on or off; it is \"{other}\"."]),
        };

    /// <summary>
    /// Checks a profile, its parents and its files. In the profile, write access of the user's own private group is taken away: nobody
    /// else had it yet.
    /// </summary>
    /// <param name="root">The profile's directory; it need not exist.</param>
    /// <param name="files">The program's files and directories in it, which need not exist either.</param>
    /// <returns>What was taken away, a sentence for each path.</returns>
    /// <exception cref="ExposedPathException">Another user could change one of them.</exception>
    public static ImmutableArray<string> OfProfile(string root, IEnumerable<string> files)
    {
        // What cannot be a profile at all is refused, with its own advice, where the profile is prepared.
        var way = Steps([root]);
        if (way.Any(step => step.Status.Kind is not (FileKind.Directory or FileKind.Link)))
        {
            return [];
        }

        var repairs = ImmutableArray.CreateBuilder<string>();
        var own = way.LastOrDefault(step => step.IsEnd)?.Path;
        foreach (var step in Steps(files.Prepend(root)))
        {
            var isOwn = own is not null && (step.Path == own || step.Path.StartsWith(own + "/", StringComparison.Ordinal));
            if (Judge(step, isOnTheWay: !isOwn, "or choose another directory for the profile") && isOwn && Repair(step))
            {
                repairs.Add($"The group could write to {step.Path}; nobody else is in it. It cannot any more, as after chmod g-w.");
            }
        }

        return repairs.ToImmutable();
    }

    /// <summary>Checks codex's home: its config.toml decides which programs codex starts, so it is as good as the profile.</summary>
    /// <exception cref="ExposedPathException">Another user could change it.</exception>
    public static void OfCodexHome(string home)
    {
        var end = Steps([home]).LastOrDefault(step => step.IsEnd)?.Path;
        foreach (var step in Steps(FilesOfCodex.Select(name => Path.Combine(home, name)).Prepend(home)))
        {
            _ = Judge(step, isOnTheWay: step.Path != end, "or set CODEX_HOME to another directory");
        }
    }

    /// <summary>Whether only the user's own private group could write there.</summary>
    private static bool Judge(PathStep step, bool isOnTheWay, string alternative)
    {
        var exposure = StrictModes.Judge(step, User, isOnTheWay, Accounts.OfMachine);
        return exposure switch
        {
            Exposure.Owner => throw new ExposedPathException(
                step.Path,
                $"{step.Path} belongs to the user {Accounts.OfMachine.Describe(step.Status.Owner)}, who could change what is run as you.",
                $"Run {Command(step, "chown", User.ToString(CultureInfo.InvariantCulture))} as root, {alternative}."
            ),
            Exposure.Mode => throw new ExposedPathException(
                step.Path,
                $"{step.Path} has mode {Octal(step.Status.Permissions)}, so other users could change what is run as you.",
                $"Look at what is in it, then run {Command(step, "chmod", "go-w")}{(CanChange(step) ? "" : " as root")}, {alternative}."
            ),
            _ => exposure == Exposure.PrivateGroup,
        };
    }

    private static string Octal(uint mode) => Convert.ToString((int)mode, 8);

    private static string Command(PathStep step, string program, string change)
    {
        var options = program == "chown" && step.Status.Kind == FileKind.Link ? "-h " : "";
        return $"{program} {options}{change} {ShellPath.Quote(step.Path)}";
    }

    private static bool CanChange(PathStep step) => User == 0 || step.Status.Owner == User;

    private static bool Repair(PathStep step)
    {
        if (OperatingSystem.IsWindows() || !CanChange(step))
        {
            return false;
        }

        try
        {
            File.SetUnixFileMode(step.Path, (UnixFileMode)step.Status.Permissions & ~UnixFileMode.GroupWrite);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // On a read-only file system, for example. Nobody else is in the group, so it may stay.
            return false;
        }
    }

    private static PathStep[] Steps(IEnumerable<string> paths)
    {
        try
        {
            return [.. paths.SelectMany(PathSteps.Of).DistinctBy(step => step.Path)];
        }
        catch (IOException e)
        {
            throw new CodexException($"{e.Message} Name the directory itself instead of the links.", e);
        }
    }
}
