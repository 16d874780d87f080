using System.Collections;
using Plexum.Codex.Posix;

namespace Plexum.Codex.Host.Configuration;

/// <summary>The directory that holds all of this program's files: <c>PLEXUM_PROFILE_ROOT</c>, else <c>~/.plexum</c>.</summary>
/// <param name="Root">Its absolute path.</param>
public sealed record Profile(string Root)
{
    /// <summary>The environment variable that names it.</summary>
    public const string RootVariable = "PLEXUM_PROFILE_ROOT";

    /// <summary>The name of the default profile, in the home directory.</summary>
    internal const string DefaultName = ".plexum";

    /// <summary>The name of the default profile of <c>plexum-codex molecule</c>, in the home directory.</summary>
    internal const string MoleculeName = ".codex-channel-molecule";

    /// <summary>The remedy for a profile directory that is not writable.</summary>
    internal const string Advice = $"Make it a directory that this user may write to, or set {RootVariable} to another one.";

    // The threads of the agents, the records of codex's app-servers, and the owner's token unless api.token-file names another file.
    private static readonly string[] GuardedNames = ["threads", "app-server", "api-token"];

    /// <summary>The user's settings.</summary>
    public string SettingsFile => Path.Combine(Root, "plexum-codex.hocon");

    /// <summary>The plugin's configuration, at the same path as the Go plugin's.</summary>
    public string PluginConfigFile => Path.Combine(Root, "plugins", "plexum-openai-provider", "config.json");

    /// <summary>The directory of the agents.</summary>
    public string Agents => Path.Combine(Root, "agents");

    /// <summary>The directory of the log files.</summary>
    public string Logs => Path.Combine(Root, "logs");

    /// <summary>The program's log.</summary>
    public string LogFile => Path.Combine(Logs, "plexum-codex.log");

    /// <summary>The lock file that the daemon of this profile holds.</summary>
    public string DaemonLockFile => Path.Combine(Root, "daemon.lock");

    /// <summary>The named tokens for requests over TCP, without their secrets.</summary>
    public string TokensFile => Path.Combine(Root, "api-tokens.json");

    /// <summary>The daemon's ledger.</summary>
    public string LedgerFile => Path.Combine(Root, "ledger.db");

    /// <summary>The record of a restore that has begun to move files. While it is there, the profile has parts of two.</summary>
    public string UnfinishedRestoreFile => Path.Combine(Root, "restore-unfinished.json");

    /// <summary>Everything in the profile that decides what this program runs or what it takes for true.</summary>
    internal string[] Guarded =>
        [
            SettingsFile,
            PluginConfigFile,
            Agents,
            Logs,
            DaemonLockFile,
            TokensFile,
            LedgerFile,
            LedgerFile + "-wal",
            LedgerFile + "-shm",
            .. GuardedNames.Select(name => Path.Combine(Root, name)),
        ];

    /// <summary>The profile of this user.</summary>
    /// <exception cref="CodexException">Neither the variable nor a home directory names one.</exception>
    public static Profile OfUser()
    {
        var root = Environment.GetEnvironmentVariable(RootVariable);
        return new Profile(string.IsNullOrWhiteSpace(root) ? Path.Combine(Home(RootVariable), DefaultName) : Path.GetFullPath(root));
    }

    /// <summary>Creates the directories of the profile and checks that they are writable.</summary>
    /// <exception cref="CodexException">They are not, or a restore was interrupted; the message says why and what to do.</exception>
    public void Prepare()
    {
        ThrowIfHalfRestored();
        PrepareDirectories();
    }

    /// <summary>Keeps everybody from a profile that has parts of two.</summary>
    /// <exception cref="CodexException">A restore was interrupted, or runs.</exception>
    internal void ThrowIfHalfRestored()
    {
        if (FileStatus.OfPath(UnfinishedRestoreFile) is not null)
        {
            throw new CodexException(
                $"A restore into the profile {Root} runs or was interrupted, so the profile has parts of two. If none runs, give "
                    + "\"plexum-codex restore\" the backup again: it first puts back what the profile had."
            );
        }
    }

    /// <summary><see cref="Prepare"/> for the restore itself.</summary>
    /// <exception cref="CodexException">They are not writable; the message says why and what to do.</exception>
    internal void PrepareDirectories()
    {
        foreach (var directory in new[] { Root, Agents, Logs })
        {
            if (WritableDirectory.WhyNot(directory) is { } reason)
            {
                throw new CodexException($"The profile's directory {directory} cannot be used: {reason} {Advice}");
            }
        }
    }

    /// <summary>The user's home directory.</summary>
    /// <param name="variable">The environment variable that could be set instead.</param>
    /// <exception cref="CodexException">There is none.</exception>
    internal static string Home(string variable) =>
        Home() ?? throw new CodexException($"This user has no home directory for the profile; set {variable} or HOME to a directory.");

    /// <summary>codex's home, found the way codex finds it. Without a home directory codex itself fails and says so.</summary>
    internal static string CodexHome(IDictionary environment) =>
        environment["CODEX_HOME"] is string { Length: > 0 } home ? Path.GetFullPath(home) : Path.Combine(Home() ?? "/", ".codex");

    // DoNotVerify: otherwise a home that does not exist yet is reported as "", and the profile lands in the current directory.
    internal static string? Home() =>
        Environment.GetFolderPath(Environment.SpecialFolder.UserProfile, Environment.SpecialFolderOption.DoNotVerify) is { } home
        && Path.IsPathFullyQualified(home)
            ? home
            : null;
}
