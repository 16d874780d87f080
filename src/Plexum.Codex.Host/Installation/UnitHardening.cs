namespace Plexum.Codex.Host.Installation;

/// <summary>
/// What the systemd unit denies the daemon, codex and the commands of its turns, each line below its reason. Only what the kernel enforces
/// for any user without a namespace is there: an ordinary user's systemd 252 fails to start a service with a capability bounding set,
/// ProtectKernelModules, ProtectKernelLogs, ProtectClock or PrivateDevices (218/CAPABILITIES), and sets up no mounts for ProtectSystem and
/// its like; since version 253 those move the service into a user namespace (measured, and systemd.exec(5)).
/// </summary>
internal static class UnitHardening
{
    public const string Text = """
        # What the daemon, codex and the commands of its turns cannot do. docs/security.md says what each line costs and what was left out.
        # Take a line back with "systemctl --user edit".

        # Other users cannot read what is created.
        UMask=0077
        # No command becomes another user through a setuid program: no sudo, no su. All lines below imply this one.
        NoNewPrivileges=yes
        # No command leaves a program behind that runs with this user's rights when others start it.
        RestrictSUIDSGID=yes
        # No command takes a processor away from everybody else.
        RestrictRealtime=yes
        # No command changes how the kernel runs it, for example without randomised addresses.
        LockPersonality=yes
        # Only the machine's own kind of system calls. Those of 32-bit programs are a second, less tested way into the kernel.
        SystemCallArchitectures=native
        # The sockets that codex, git and package managers use. The kernel's rarer protocols are a frequent way to root.
        RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6 AF_NETLINK
        # No system calls that only root may make, or that nobody makes any more, and a few that come with these groups: Wine's modify_ldt,
        # and adjtimex and clock_adjtime, which read the state of the clock.
        SystemCallFilter=~@clock @cpu-emulation @module @obsolete @raw-io @reboot @swap
        # A program that tries is told so, not killed.
        SystemCallErrorNumber=EPERM

        # No process dumps or debugs the daemon through .NET's diagnostics port, not even while it starts. codex does not get the variable.
        Environment=DOTNET_EnableDiagnostics=0

        # For the molecule inbox: the workspace's token, from a file that only you can read.
        #LoadCredential=molecule-token:%h/.molecule-token

        """;
}
