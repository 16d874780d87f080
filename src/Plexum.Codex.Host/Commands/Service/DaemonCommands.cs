using System.CommandLine;
using Plexum.Codex.Host.Commands.Serving;

namespace Plexum.Codex.Host.Commands.Service;

/// <summary><c>daemon</c>: starts, stops and looks at the daemon of this profile.</summary>
internal static class DaemonCommands
{
    public static Command Create() =>
        new(
            "daemon",
            "Start, stop and look at the daemon of this profile. If \"plexum-codex install\" has written a systemd unit for the profile, "
                + "systemd starts the daemon; otherwise it runs in a session of its own and outlives the terminal."
        )
        {
            StartCommand.Create(),
            StopCommand.Create(),
            RestartCommand.Create(),
            StatusCommand.Create(),
            LogsCommand.Create(),
        };
}
