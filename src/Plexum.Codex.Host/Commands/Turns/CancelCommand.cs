using System.CommandLine;
using Plexum.Codex.Client;
using Plexum.Codex.Client.Documents;
using Plexum.Codex.Host.Rendering;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Host.Commands.Turns;

/// <summary><c>cancel</c>: ends a turn early and reports what happened.</summary>
internal static class CancelCommand
{
    private static readonly Option<bool> Force = new("--force") { Description = "Kill codex at once, without asking it to stop first." };

    public static Command Create()
    {
        var command = new Command(
            "cancel",
            "End a turn early, or remove it from the queue, and report what happened. "
                + "Exit codes: 0 the turn has ended or is ending, 1 the daemon failed, 2 refused or no daemon running."
        )
        {
            DaemonCommand.Turn,
            Force,
            DaemonCommand.Json,
        };
        command.SetAction(
            (arguments, cancellationToken) =>
                DaemonCommand.RunAsync(arguments, (daemon, _) => RunAsync(arguments, daemon, cancellationToken), cancellationToken)
        );
        return command;
    }

    private static async Task<int> RunAsync(ParseResult arguments, DaemonClient daemon, CancellationToken cancellationToken)
    {
        var turn = DaemonCommand.ParseTurn(arguments);
        var answer = await daemon.CancelAsync(turn, arguments.GetValue(Force), cancellationToken).ConfigureAwait(false);
        if (arguments.GetValue(DaemonCommand.Json))
        {
            DaemonCommand.Print(answer, ApiJson.Default.CancelDocument);
            return ExitCodes.Done;
        }

        Console.Out.WriteLine(
            answer.Outcome switch
            {
                CancelResult.Dequeued => $"The turn {turn} was queued and will not run.",
                CancelResult.Stopping => $"codex was asked to stop the turn {turn} and is forced to if it does not.",
                CancelResult.Killed => $"codex was killed, and the turn {turn} with it.",
                CancelResult.Ending => $"The turn {turn} was already ending.",
                _ => await DescribeEndAsync(daemon, turn, cancellationToken).ConfigureAwait(false),
            }
        );
        return ExitCodes.Done;
    }

    private static async Task<string> DescribeEndAsync(DaemonClient daemon, TurnId turn, CancellationToken cancellationToken)
    {
        var how = TurnTexts.State(await daemon.TurnAsync(turn, cancellationToken).ConfigureAwait(false));
        return $"The turn {turn} had already ended: {how}.";
    }
}
