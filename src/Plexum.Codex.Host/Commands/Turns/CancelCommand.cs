using System.Collections.Immutable;
using System.CommandLine;
using System.CommandLine.Parsing;
using Plexum.Codex.Client;
using Plexum.Codex.Client.Documents;
using Plexum.Codex.Host.Commands.Ids;
using Plexum.Codex.Host.Configuration;
using Plexum.Codex.Host.Rendering;
using Plexum.Codex.Ledger;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Host.Commands.Turns;

/// <summary><c>cancel</c>: ends turns early and reports what happened.</summary>
internal static class CancelCommand
{
    private static readonly Argument<string?> Turn = new("TURN")
    {
        Description = "The turn's id, the beginning of it, or last for the newest turn.",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private static readonly Option<bool> All = new("--all") { Description = "Cancel every turn that is queued or running." };

    private static readonly Option<string?> Agent = new("--agent")
    {
        Description = "Cancel every turn of this agent that is queued or running: its id, the beginning of it, or last.",
        HelpName = "ID",
    };

    private static readonly Option<bool> Force = new("--force") { Description = "Kill codex at once, without asking it to stop first." };

    public static Command Create()
    {
        var command = new Command(
            "cancel",
            "End a turn early, or remove it from the queue, and report what happened. "
                + "Exit codes: 0 the turn has ended or is ending, 1 the daemon failed, 2 refused or no daemon running."
        )
        {
            Turn,
            All,
            Agent,
            Force,
            DaemonCommand.Json,
        };
        command.Validators.Add(CheckWhich);
        command.SetAction(
            (arguments, cancellationToken) =>
                DaemonCommand.RunAsync(
                    arguments,
                    (daemon, profile) => RunAsync(arguments, daemon, profile, cancellationToken),
                    cancellationToken
                )
        );
        return command;
    }

    private static void CheckWhich(CommandResult given)
    {
        var ways = new[] { given.GetValue(Turn) is not null, given.GetValue(All), given.GetValue(Agent) is not null };
        if (ways.Count(way => way) != 1)
        {
            given.AddError("Name a turn, or give --agent ID for all turns of an agent, or --all for all turns; one of the three.");
        }
    }

    private static async Task<int> RunAsync(
        ParseResult arguments,
        DaemonClient daemon,
        Profile profile,
        CancellationToken cancellationToken
    )
    {
        var (force, json) = (arguments.GetValue(Force), arguments.GetValue(DaemonCommand.Json));
        if (arguments.GetValue(Turn) is { } text)
        {
            var turn = await TurnIds.FindAsync(daemon, text, cancellationToken).ConfigureAwait(false);
            var answer = await daemon.CancelAsync(turn, force, cancellationToken).ConfigureAwait(false);
            if (json)
            {
                DaemonCommand.Print(answer, ApiJson.Default.CancelDocument);
            }
            else
            {
                await TellAsync(daemon, answer, cancellationToken).ConfigureAwait(false);
            }

            return ExitCodes.Done;
        }

        AgentId? agent = arguments.GetValue(Agent) is { } name
            ? await AgentIds.FindKnownAsync(daemon, profile.Root, name, cancellationToken).ConfigureAwait(false)
            : null;
        var code = ExitCodes.Done;
        Action<DaemonRefusedException> tellRefusal = e =>
        {
            StderrMessages.Write(e.Message);
            code = ExitCodes.Refused;
        };
        Func<CancelDocument, Task> tell = json ? (_ => Task.CompletedTask) : (answer => TellAsync(daemon, answer, cancellationToken));
        var answers = await CancelOpenAsync(daemon, agent, force, tell, tellRefusal, cancellationToken).ConfigureAwait(false);
        if (json)
        {
            DaemonCommand.Print(new CancelledTurnsDocument(answers), ApiJson.Default.CancelledTurnsDocument);
        }
        else if (answers.IsEmpty && code == ExitCodes.Done)
        {
            StderrMessages.Write(agent is null ? "No turn is queued or running." : $"No turn of the agent {agent} is queued or running.");
        }

        return code;
    }

    // Queued turns first, or the end of a running one would start the next. Looked for again, since others may be submitted meanwhile.
    private static async Task<ImmutableArray<CancelDocument>> CancelOpenAsync(
        DaemonClient daemon,
        AgentId? agent,
        bool force,
        Func<CancelDocument, Task> tell,
        Action<DaemonRefusedException> tellRefusal,
        CancellationToken cancellationToken
    )
    {
        var answers = ImmutableArray.CreateBuilder<CancelDocument>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        bool hasNew;
        do
        {
            hasNew = false;
            foreach (var state in new[] { TurnState.Queued, TurnState.Running })
            {
                var open = await daemon.TurnsAsync(agent, state, int.MaxValue, cancellationToken).ConfigureAwait(false);
                foreach (var turn in open.Turns.Where(turn => seen.Add(turn.TurnId)))
                {
                    hasNew = true;
                    try
                    {
                        var answer = await daemon.CancelAsync(TurnId.Parse(turn.TurnId), force, cancellationToken).ConfigureAwait(false);
                        answers.Add(answer);
                        await tell(answer).ConfigureAwait(false);
                    }
                    catch (DaemonRefusedException e) when (e.Code == "turn_of_command")
                    {
                        // The others are the daemon's.
                        tellRefusal(e);
                    }
                }
            }
        } while (hasNew);
        return answers.ToImmutable();
    }

    private static async Task TellAsync(DaemonClient daemon, CancelDocument answer, CancellationToken cancellationToken)
    {
        var turn = answer.TurnId;
        Console.Out.WriteLine(
            answer.Outcome switch
            {
                CancelResult.Dequeued => $"The turn {turn} was queued and will not run.",
                CancelResult.Stopping => $"codex was asked to stop the turn {turn} and is forced to if it does not.",
                CancelResult.Killed => $"codex was killed, and the turn {turn} with it.",
                CancelResult.Ending => $"The turn {turn} was already ending.",
                _ => await DescribeEndAsync(daemon, TurnId.Parse(turn), cancellationToken).ConfigureAwait(false),
            }
        );
    }

    private static async Task<string> DescribeEndAsync(DaemonClient daemon, TurnId turn, CancellationToken cancellationToken)
    {
        var how = TurnTexts.State(await daemon.TurnAsync(turn, cancellationToken).ConfigureAwait(false));
        return $"The turn {turn} had already ended: {how}.";
    }
}
