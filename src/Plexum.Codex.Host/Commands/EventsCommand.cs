using System.CommandLine;
using Plexum.Codex.Host.Client;
using Plexum.Codex.Host.Configuration;
using Plexum.Codex.Host.Rendering;
using Plexum.Codex.Ledger;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Host.Commands;

/// <summary><c>events</c>: prints the events of a turn of the daemon's.</summary>
internal static class EventsCommand
{
    private static readonly Option<bool> Follow = new("--follow") { Description = "Wait for more until the turn is over; Ctrl-C ends the waiting and not the turn." };

    private static readonly Option<long> From = new("--from")
    {
        Description = "The number of the first event to print.",
        HelpName = "N",
        DefaultValueFactory = _ => 1,
    };

    private static readonly Option<bool> Json = new("--json") { Description = "Print the events as they stand in the turn's log, one JSON object a line." };

    public static Command Create()
    {
        From.Validators.Add(given =>
        {
            if (given.GetValue(From) < 1)
            {
                given.AddError("--from takes the number of an event; the first one is 1.");
            }
        });
        var command = new Command(
            "events",
            "Print the events of a turn: the answer on standard output, all else on standard error. Exit codes: with --follow 0 the turn went well, 1 it failed, 130 it was cancelled; else 0; 2 refused, or no daemon runs.")
        {
            DaemonCommand.Turn, Follow, From, Json,
        };
        command.SetAction((arguments, cancellationToken) =>
            DaemonCommand.RunAsync(arguments, (daemon, profile) => RunAsync(arguments, daemon, profile, cancellationToken), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(ParseResult arguments, DaemonClient daemon, Profile profile, CancellationToken cancellationToken)
    {
        var id = DaemonCommand.ParseTurn(arguments);
        var (follow, after) = (arguments.GetValue(Follow), arguments.GetValue(From) - 1);
        var turn = await daemon.TurnAsync(id, cancellationToken).ConfigureAwait(false);
        var log = TurnDirectory.Of(new AgentDirectory(profile.Root, AgentId.Parse(turn.AgentId)), id).EventsFile;
        long? upTo = follow || turn.State == TurnState.Ended ? null : File.Exists(log) ? TurnLogReader.FindEnd(log).LastSeq : 0;
        if (upTo == 0)
        {
            Complaint.Say("The turn has no events yet; with --follow they are waited for.");
            return ExitCodes.Done;
        }

        await using var output = new EventOutput(arguments.GetValue(Json));
        var reason = await new RemoteTurn(daemon, id, log).ShowAsync(output, after, upTo, cancellationToken).ConfigureAwait(false);

        // From behind the last event on nothing is read, and the ledger has to tell.
        reason ??= follow ? (await daemon.TurnAsync(id, cancellationToken).ConfigureAwait(false)).StopReason : null;
        return output.IsBroken ? ExitCodes.Failed : follow ? ExitCodes.Of(reason ?? StopReason.Error) : ExitCodes.Done;
    }
}
