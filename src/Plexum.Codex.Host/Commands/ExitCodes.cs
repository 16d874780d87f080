using Plexum.Codex.Client;
using Plexum.Codex.Processes;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Host.Commands;

/// <summary>The program's exit codes.</summary>
internal static class ExitCodes
{
    public const int Done = 0;
    public const int Failed = 1;
    public const int Refused = 2;
    public const int Cancelled = 130;

    public static int Of(StopReason reason) =>
        reason switch
        {
            StopReason.EndTurn => Done,
            StopReason.Cancelled => Cancelled,
            _ => Failed,
        };

    public static int Of(CodexException e) =>
        e switch
        {
            CommandException command => command.ExitCode,
            DaemonException daemon => daemon.Problem == DaemonProblem.Refused ? Refused : Failed,
            CodexUnavailableException => Failed,
            _ => Refused,
        };
}
