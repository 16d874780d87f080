using System.CommandLine;
using Plexum.Codex.Client;
using Plexum.Codex.Client.Documents;
using Plexum.Codex.Host.Rendering;
using Plexum.Codex.Host.Rendering.Tables;

namespace Plexum.Codex.Host.Commands.Turns;

/// <summary><c>agents</c>: lists the agents that the daemon knows.</summary>
internal static class AgentsCommand
{
    public static Command Create()
    {
        var command = new Command(
            "agents",
            "List the agents and their usage. Exit codes: 0 success, 1 the daemon failed, 2 refused. "
                + "Without a daemon, the profile's ledger answers."
        )
        {
            CommonOptions.Wide,
            DaemonCommand.Json,
        };
        command.SetAction(
            (arguments, cancellationToken) =>
                DaemonCommand.LookAsync(arguments, (daemon, _) => RunAsync(arguments, daemon, cancellationToken), cancellationToken)
        );
        return command;
    }

    private static async Task<int> RunAsync(ParseResult arguments, DaemonClient daemon, CancellationToken cancellationToken)
    {
        var agents = await daemon.AgentsAsync(cancellationToken).ConfigureAwait(false);
        if (arguments.GetValue(DaemonCommand.Json))
        {
            DaemonCommand.Print(agents, ApiJson.Default.AgentsDocument);
        }
        else if (agents.Agents.IsEmpty)
        {
            StderrMessages.Write("No agent has had a turn yet. Submit one with: plexum-codex submit --agent ID TEXT");
        }
        else
        {
            Table(agents).Write(Consoles.Output(), arguments.GetValue(CommonOptions.Wide));
        }

        return ExitCodes.Done;
    }

    internal static PlainTable Table(AgentsDocument agents)
    {
        var table = new PlainTable(
            "#AGENT",
            "STATE",
            ">QUEUED",
            ">ENDED",
            ">FAILED",
            "?>IN",
            "?>OUT",
            "?LAST SEEN",
            "#THREAD",
            "?WORKSPACE",
            "?BACKEND",
            "?APPROVALS"
        );
        foreach (var agent in agents.Agents)
        {
            table.Add(
                agent.AgentId,
                agent.Running > 0 ? "running"
                    : agent.Queued > 0 ? "waiting"
                    : agent.ThreadProblem?.Code ?? "idle",
                TurnTexts.Count(agent.Queued),
                TurnTexts.Count(agent.Ended),
                TurnTexts.Count(agent.Failed),
                TurnTexts.Count(agent.Usage.InputTokens),
                TurnTexts.Count(agent.Usage.OutputTokens),
                TurnTexts.At(agent.LastSeenAt),
                agent.ThreadId,
                agent.Workspace,
                agent.Backend,
                agent.Approvals
            );
        }

        return table;
    }
}
