using System.Globalization;
using Plexum.Codex.Processes;

namespace Plexum.Codex.Host.Owners;

/// <summary>The names under which commands that run their own turns own them in the ledger: each is one process.</summary>
internal static class CommandOwner
{
    private const string Prefix = "command";

    /// <summary>The name of a command's process.</summary>
    public static string NameOf(ProcessIdentity process) =>
        string.Create(CultureInfo.InvariantCulture, $"{Prefix}:{process.Pid}:{process.StartedAt}:{process.BootId}");

    /// <summary>The process that has this name; null if it is no command's.</summary>
    public static ProcessIdentity? ProcessOf(string? owner) =>
        owner?.Split(':') is [Prefix, var pid, var startedAt, var boot]
        && int.TryParse(pid, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
        && long.TryParse(startedAt, NumberStyles.None, CultureInfo.InvariantCulture, out var ticks)
            ? new ProcessIdentity(number, ticks, boot)
            : null;

    /// <summary>Whether it is the name of a command's process that has ended.</summary>
    public static bool IsGone(string? owner) => ProcessOf(owner) is { IsRunning: false };
}
