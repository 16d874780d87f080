namespace Plexum.Codex.Posix.Secrets;

public sealed class ServiceVariablesSpecs
{
    [Theory]
    [InlineData("INVOCATION_ID DEBUG_INVOCATION JOURNAL_STREAM LOG_NAMESPACE SYSTEMD_EXEC_PID PIDFILE")]
    [InlineData("MAINPID MAINPIDFDID MANAGERPID MANAGERPIDFDID NOTIFY_SOCKET WATCHDOG_PID WATCHDOG_USEC FDSTORE")]
    [InlineData("LISTEN_FDS LISTEN_PID LISTEN_PIDFDID LISTEN_FDNAMES REMOTE_ADDR REMOTE_PORT SO_COOKIE")]
    [InlineData("RUNTIME_DIRECTORY STATE_DIRECTORY CACHE_DIRECTORY LOGS_DIRECTORY CONFIGURATION_DIRECTORY CREDENTIALS_DIRECTORY")]
    [InlineData("SERVICE_RESULT EXIT_CODE EXIT_STATUS MONITOR_SERVICE_RESULT MONITOR_EXIT_CODE MONITOR_EXIT_STATUS")]
    [InlineData("MONITOR_INVOCATION_ID MONITOR_UNIT TRIGGER_UNIT TRIGGER_PATH TRIGGER_TIMER_REALTIME_USEC")]
    [InlineData("TRIGGER_TIMER_MONOTONIC_USEC MEMORY_PRESSURE_WATCH MEMORY_PRESSURE_WRITE")]
    public void What_systemd_sets_for_a_process_of_a_unit_is_its_own(string names)
    {
        var environment = names.Split(' ').Append("MINE").ToDictionary(name => name, name => (string?)name);

        ServiceVariables.RemoveFrom(environment);

        Assert.Equal(["MINE"], environment.Keys.AsEnumerable());
    }

    [Theory]
    [InlineData("PATH LANG HOME USER LOGNAME SHELL TERM XDG_RUNTIME_DIR XDG_SESSION_ID DBUS_SESSION_BUS_ADDRESS TMPDIR")]
    [InlineData("LISTEN_ADDRESS MONITOR_INTERVAL TRIGGER STATE_DIRECTORY_OF_MINE exit_code SYSTEMD MY_NOTIFY_SOCKET")]
    [InlineData("SYSTEMD_PAGER SYSTEMD_EDITOR SYSTEMD_LOG_LEVEL SYSTEMD_LESS SYSTEMD_COLORS")]
    public void What_a_login_or_a_person_sets_stays(string names) => Assert.DoesNotContain(names.Split(' '), ServiceVariables.Match);
}
