using System.CommandLine;
using Plexum.Codex.Client;
using Plexum.Codex.Client.Documents;
using Plexum.Codex.Host.Commands.Arguments;
using Plexum.Codex.Host.Commands.Ids;
using Plexum.Codex.Host.Configuration;
using Plexum.Codex.Host.Rendering;
using Plexum.Codex.Host.Rendering.Tables;
using Plexum.Codex.Ledger;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Host.Commands.Turns;

/// <summary><c>turns</c>: lists the daemon's turns.</summary>
internal static class TurnsCommand
{
    private static readonly Option<string?> Agent = new("--agent")
    {
        Description = "Only turns of this agent: its id, the beginning of it, or last for the one with the newest turn.",
        HelpName = "ID",
    };

    private static readonly Option<string?> State = new("--state")
    {
        Description = "Only turns in this state.",
        HelpName = "queued|running|ended",
    };

    private static readonly Option<int> Limit = NumberOption.Create("--limit", "The maximum number of turns.", 20, 1, int.MaxValue);

    public static Command Create()
    {
        State.AcceptOnlyFromAmong("queued", "running", "ended");
        var command = new Command(
            "turns",
            "List turns, newest first. Exit codes: 0 success, 1 the daemon failed, 2 refused. "
                + "Without a daemon, the profile's ledger answers."
        )
        {
            Agent,
            State,
            Limit,
            CommonOptions.Wide,
            DaemonCommand.Json,
        };
        command.SetAction(
            (arguments, cancellationToken) =>
                DaemonCommand.LookAsync(
                    arguments,
                    (daemon, profile) => RunAsync(arguments, daemon, profile, cancellationToken),
                    cancellationToken
                )
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
        AgentId? agent = arguments.GetValue(Agent) is { } text
            ? await AgentIds.FindKnownAsync(daemon, profile.Root, text, cancellationToken).ConfigureAwait(false)
            : null;
        TurnState? state = TurnStateNames.TryParse(arguments.GetValue(State), out var named) ? named : null;
        var turns = await daemon.TurnsAsync(agent, state, arguments.GetValue(Limit), cancellationToken).ConfigureAwait(false);
        if (arguments.GetValue(DaemonCommand.Json))
        {
            DaemonCommand.Print(turns, ApiJson.Default.TurnsDocument);
        }
        else if (turns.Turns.IsEmpty)
        {
            StderrMessages.Write("There are no such turns.");
        }
        else
        {
            Table(turns, TimeProvider.System.GetUtcNow()).Write(Consoles.Output(), arguments.GetValue(CommonOptions.Wide));
        }

        return ExitCodes.Done;
    }

    internal static PlainTable Table(TurnsDocument turns, DateTimeOffset now)
    {
        var table = new PlainTable("#TURN", "#AGENT", "STATE", "?MODEL", "?ACCEPTED", "?>TOOK", "?>IN", "?>OUT", "~PROMPT", "~ERROR");
        foreach (var turn in turns.Turns)
        {
            table.Add(
                turn.TurnId,
                turn.AgentId,
                TurnTexts.State(turn),
                turn.Model,
                TurnTexts.At(turn.AcceptedAt),
                turn.StartedAt is { } started ? TurnTexts.Span((turn.EndedAt ?? now) - started) : "",
                turn.Usage is { } usage ? TurnTexts.Count(usage.InputTokens) : "",
                turn.Usage is { } of ? TurnTexts.Count(of.OutputTokens) : "",
                turn.Prompt,
                turn.Error is { } error ? $"{error.Code}: {error.Message}" : ""
            );
        }

        return table;
    }
}
