using System.CommandLine;
using Plexum.Codex.Host.Api.Documents;
using Plexum.Codex.Host.Client;
using Plexum.Codex.Host.Rendering;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Host.Commands;

/// <summary><c>cancel</c>: ends a turn of the daemon's early, and says what really happened.</summary>
internal static class CancelCommand
{
    private static readonly Option<bool> Force = new("--force") { Description = "Kill codex at once, without asking it to stop first." };

    public static Command Create()
    {
        var command = new Command(
            "cancel",
            "End a turn early, or take it out of the queue, and say what really happened. Exit codes: 0 the turn is over or will be in a moment, 1 the daemon failed, 2 refused, or no daemon runs.")
        {
            DaemonCommand.Turn, Force, DaemonCommand.Json,
        };
        command.SetAction((arguments, cancellationToken) =>
            DaemonCommand.RunAsync(arguments, (daemon, _) => RunAsync(arguments, daemon, cancellationToken), cancellationToken));
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

        Console.Out.WriteLine(answer.Outcome switch
        {
            CancelResult.Dequeued => $"The turn {turn} was waiting and will not run.",
            CancelResult.Stopping => $"codex was asked to stop the turn {turn}; if it does not, it is made to.",
            CancelResult.Killed => $"codex was killed, and with it the turn {turn}.",
            CancelResult.Ending => $"The turn {turn} was ending already.",
            _ => await DescribeEndAsync(daemon, turn, cancellationToken).ConfigureAwait(false),
        });
        return ExitCodes.Done;
    }

    private static async Task<string> DescribeEndAsync(DaemonClient daemon, TurnId turn, CancellationToken cancellationToken)
    {
        var how = TurnTexts.State(await daemon.TurnAsync(turn, cancellationToken).ConfigureAwait(false));
        return $"The turn {turn} was over already: {how}.";
    }
}
