using System.CommandLine;
using Plexum.Codex.Client;
using Plexum.Codex.Client.Documents;
using Plexum.Codex.Host.Rendering;
using Plexum.Codex.Host.Rendering.Tables;
using Plexum.Codex.Inbox;
using Plexum.Codex.Problems;
using Spectre.Console;

namespace Plexum.Codex.Host.Commands.Serving;

/// <summary><c>status</c>: prints the daemon's status.</summary>
internal static class StatusCommand
{
    private const int MaxMessage = 1000;

    public static Command Create()
    {
        var command = new Command("status", "Print the daemon's status. Exit codes: 0 running, 1 failed, 2 not running.")
        {
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
        var status = await daemon.StatusAsync(cancellationToken).ConfigureAwait(false);
        if (arguments.GetValue(DaemonCommand.Json))
        {
            DaemonCommand.Print(status, ApiJson.Default.StatusDocument);
        }
        else
        {
            Table(status).Write(Consoles.Output());
            PrintProblems(status, Consoles.Output());
        }

        return ExitCodes.Done;
    }

    /// <summary>Prints what should page an operator, below the table; nothing if all is well.</summary>
    internal static void PrintProblems(StatusDocument status, IAnsiConsole console)
    {
        foreach (var problem in status.Problems ?? [])
        {
            console.WriteLine();
            console.Line($"PROBLEM {problem.Code} since {TurnTexts.At(problem.Since)}");
            console.Line($"  {Consoles.OneLine(problem.Message, MaxMessage)}");
            console.Line($"  {problem.Remedy}");
        }
    }

    private static string StateOf(StatusDocument status)
    {
        var refusing = ProblemKinds.All.Where(ProblemKinds.RefusesTurns).Select(kind => kind.Code);
        var why = status.Problems?.Select(problem => problem.Code).Intersect(refusing, StringComparer.Ordinal).FirstOrDefault();
        return status.Ready ? "accepts turns" : $"accepts no turns: {why ?? "starting or stopping"}";
    }

    private static string Kinds(SlotsDocument slots) =>
        slots is { AppServer: > 0 and var warm, Exec: { } exec }
            ? $" ({TurnTexts.Count(warm)} in app-server, {TurnTexts.Count(exec)} with codex exec)"
            : "";

    private static void AddServer(PlainTable table, AppServerDocument? server)
    {
        if (server is null || !AppServerTexts.IsOfInterest(server))
        {
            return;
        }

        table.Add("app-server", AppServerTexts.Describe(server));
        table.Add("", AppServerTexts.DescribeWork(server));
        if (server.Problem is { } problem)
        {
            table.Add("", problem);
        }
    }

    private static string Word(InboxPhase phase) =>
        phase switch
        {
            InboxPhase.Listening => "listening",
            InboxPhase.PlatformDown => "the platform is unreachable",
            InboxPhase.JournalDown => "messages cannot be stored",
            _ => "refused by the platform",
        };

    internal static PlainTable Table(StatusDocument status)
    {
        var table = new PlainTable("DAEMON", $"plexum-codex {status.Version}, process {status.Pid}");
        table.Add("state", StateOf(status));
        table.Add("since", $"{TurnTexts.At(status.StartedAt)} ({TurnTexts.Span(TimeSpan.FromSeconds(status.UptimeSeconds))})");
        table.Add("profile", status.Profile);
        table.Add("socket", status.Socket);
        table.Add(
            "turns",
            status.Turns is { } turns
                ? $"{TurnTexts.Count(turns.Running)} running, {TurnTexts.Count(turns.Queued)} queued"
                : "unknown: the ledger does not answer"
        );
        table.Add(
            "slots",
            $"{status.Slots.Used} of {status.Slots.Limit} in use{Kinds(status.Slots)}, "
                + $"{TurnTexts.Count(status.Slots.WaitingAgents)} agents waiting for one"
        );
        AddServer(table, status.AppServer);
        table.Add("agents", $"{TurnTexts.Count(status.ActiveAgents)} in memory");
        table.Add("readers", TurnTexts.Count(status.Readers));
        if (status.Molecule is { } inbox)
        {
            table.Add("molecule", $"workspace {inbox.WorkspaceId} of {inbox.Platform}, {Word(inbox.State)}");
            table.Add(
                "messages",
                $"{TurnTexts.Count(inbox.Received)} open, {TurnTexts.Count(inbox.Answered)} replies not delivered yet, "
                    + $"{TurnTexts.Count(inbox.DeadLetters)} dead letters"
            );
            if (inbox.LastError is { } error)
            {
                table.Add("last error", $"{TurnTexts.At(inbox.LastErrorAt ?? status.StartedAt)}: {error}");
            }
        }

        return table;
    }
}
