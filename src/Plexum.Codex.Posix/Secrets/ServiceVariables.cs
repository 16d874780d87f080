using System.Collections.Frozen;

namespace Plexum.Codex.Posix.Secrets;

/// <summary>
/// The variables in which systemd tells a process of a unit about that unit (systemd.exec(5), "Environment variables in spawned
/// processes", of version 252 and what later ones add). They are meant for that one process: a command that inherits them could report
/// the daemon as ready or stopped, take another program's descriptors for its own, or write to the unit's state. What a login has as well,
/// such as <c>XDG_RUNTIME_DIR</c> and <c>DBUS_SESSION_BUS_ADDRESS</c>, is not among them, and neither is what a person sets for systemd's
/// programs, such as <c>SYSTEMD_PAGER</c>.
/// </summary>
public static class ServiceVariables
{
    /// <summary>The variable that names the directory of the unit's credentials.</summary>
    public const string Credentials = "CREDENTIALS_DIRECTORY";

    private static readonly FrozenSet<string> Names = new[]
    {
        // What the main process is told.
        "INVOCATION_ID",
        "DEBUG_INVOCATION",
        "JOURNAL_STREAM",
        "SYSTEMD_EXEC_PID",
        "LOG_NAMESPACE",
        "MAINPID",
        "MAINPIDFDID",
        "MANAGERPID",
        "MANAGERPIDFDID",
        "PIDFILE",
        // sd_notify(3), sd_watchdog_enabled(3), and the store of descriptors.
        "NOTIFY_SOCKET",
        "WATCHDOG_PID",
        "WATCHDOG_USEC",
        "FDSTORE",
        // sd_listen_fds(3), and who is at the other end with Accept=yes.
        "LISTEN_FDS",
        "LISTEN_FDNAMES",
        "LISTEN_PID",
        "LISTEN_PIDFDID",
        "REMOTE_ADDR",
        "REMOTE_PORT",
        "SO_COOKIE",
        // The unit's directories.
        "RUNTIME_DIRECTORY",
        "STATE_DIRECTORY",
        "CACHE_DIRECTORY",
        "LOGS_DIRECTORY",
        "CONFIGURATION_DIRECTORY",
        Credentials,
        // How a process or another unit ended, and what triggered this one.
        "SERVICE_RESULT",
        "EXIT_CODE",
        "EXIT_STATUS",
        "MONITOR_SERVICE_RESULT",
        "MONITOR_EXIT_CODE",
        "MONITOR_EXIT_STATUS",
        "MONITOR_INVOCATION_ID",
        "MONITOR_UNIT",
        "TRIGGER_UNIT",
        "TRIGGER_PATH",
        "TRIGGER_TIMER_REALTIME_USEC",
        "TRIGGER_TIMER_MONOTONIC_USEC",
        // Pressure on the unit's memory.
        "MEMORY_PRESSURE_WATCH",
        "MEMORY_PRESSURE_WRITE",
    }.ToFrozenSet(StringComparer.Ordinal);

    /// <summary>Whether a variable is systemd's own. Case matters.</summary>
    public static bool Match(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return Names.Contains(name);
    }

    /// <summary>Removes them from the environment that a program is about to get.</summary>
    public static void RemoveFrom(IDictionary<string, string?> environment)
    {
        ArgumentNullException.ThrowIfNull(environment);
        foreach (var name in environment.Keys.Where(Match).ToArray())
        {
            environment.Remove(name);
        }
    }
}
