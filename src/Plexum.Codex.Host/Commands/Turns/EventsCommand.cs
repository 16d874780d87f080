using System.CommandLine;
using Plexum.Codex.Client;
using Plexum.Codex.Events;
using Plexum.Codex.Files;
using Plexum.Codex.Host.Commands.Approvals;
using Plexum.Codex.Host.Commands.Arguments;
using Plexum.Codex.Host.Configuration;
using Plexum.Codex.Host.Rendering;
using Plexum.Codex.Ledger;
using Plexum.Codex.Profiles;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Host.Commands.Turns;

/// <summary><c>events</c>: prints the events of a turn.</summary>
internal static class EventsCommand
{
    private static readonly Option<bool> Follow = new("--follow")
    {
        Description = "Wait for more events until the turn ends; Ctrl-C stops the waiting, not the turn.",
    };

    private static readonly Option<long> From = NumberOption.Create(
        "--from",
        "The number of the first event to print.",
        1,
        1,
        long.MaxValue
    );

    private static readonly Option<bool> Json = new("--json")
    {
        Description = "Print the events as stored in the turn's log, one JSON object per line.",
    };

    public static Command Create()
    {
        var command = new Command(
            "events",
            "Print the events of a turn: the answer on standard output, everything else on standard error. Exit codes: 0 success; "
                + "with --follow 0 the turn succeeded, 1 it failed, 130 it was cancelled; 2 refused, or --follow without a daemon."
        )
        {
            DaemonCommand.Turn,
            Follow,
            From,
            Json,
        };
        command.SetAction(
            (arguments, cancellationToken) =>
            {
                Func<DaemonClient, Profile, Task<int>> run = (daemon, profile) => RunAsync(arguments, daemon, profile, cancellationToken);
                return arguments.GetValue(Follow)
                    ? DaemonCommand.RunAsync(arguments, run, cancellationToken)
                    : DaemonCommand.LookAsync(arguments, run, cancellationToken);
            }
        );
        return command;
    }

    private static async Task<int> RunAsync(
        ParseResult arguments,
        DaemonClient daemon,
        Profile profile,
        CancellationToken cancellationToken
    )
    {
        var id = await DaemonCommand.FindTurnAsync(arguments, daemon, cancellationToken).ConfigureAwait(false);
        var (follow, after) = (arguments.GetValue(Follow), arguments.GetValue(From) - 1);
        var turn = await daemon.TurnAsync(id, cancellationToken).ConfigureAwait(false);
        var log = TurnDirectory.Of(new AgentDirectory(profile.Root, AgentId.Parse(turn.AgentId)), id).EventsFile;
        long? upTo =
            follow || turn.State == TurnState.Ended ? null
            : File.Exists(log) ? TurnLogReader.FindEnd(log).LastSeq
            : 0;
        if (upTo == 0)
        {
            StderrMessages.Write("The turn has no events yet; wait for them with --follow.");
            return ExitCodes.Done;
        }

        await using var output = new EventOutput(arguments.GetValue(Json));
        var remote = new RemoteTurn(daemon, id, log) { Shown = turn.State == TurnState.Ended ? null : Hint };
        var reason = await remote.ShowAsync(output, after, upTo, cancellationToken).ConfigureAwait(false);

        // If there was no event left to read, the ledger knows how the turn ended.
        reason ??= follow ? (await daemon.TurnAsync(id, cancellationToken).ConfigureAwait(false)).StopReason : null;
        return output.IsBroken ? ExitCodes.Failed
            : follow ? ExitCodes.Of(reason ?? StopReason.Error)
            : ExitCodes.Done;
    }

    private static void Hint(ReadOnlyMemory<byte> line)
    {
        if (
            CanonicalJsonReader.TryRead(line, out _, out var value)
            && TerminalAnswers.HintTo(value, TimeProvider.System.GetUtcNow()) is { } hint
        )
        {
            StderrMessages.Write(hint);
        }
    }
}
