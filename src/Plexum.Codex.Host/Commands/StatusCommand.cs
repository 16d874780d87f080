using System.CommandLine;
using Plexum.Codex.Host.Api.Documents;
using Plexum.Codex.Host.Client;
using Plexum.Codex.Host.Rendering;
using Plexum.Codex.Inbox;

namespace Plexum.Codex.Host.Commands;

/// <summary><c>status</c>: how the daemon is.</summary>
internal static class StatusCommand
{
    public static Command Create()
    {
        var command = new Command("status", "Say how the daemon is. Exit codes: 0 it runs, 1 it failed, 2 none runs.") { DaemonCommand.Json };
        command.SetAction((arguments, cancellationToken) =>
            DaemonCommand.RunAsync(arguments, (daemon, _) => RunAsync(arguments, daemon, cancellationToken), cancellationToken));
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
        }

        return ExitCodes.Done;
    }

    private static string Word(InboxPhase phase) => phase switch
    {
        InboxPhase.Listening => "listening",
        InboxPhase.PlatformDown => "the platform cannot be reached",
        InboxPhase.JournalDown => "messages cannot be written down",
        _ => "refused by the platform",
    };

    internal static PlainTable Table(StatusDocument status)
    {
        var table = new PlainTable("DAEMON", $"plexum-codex {status.Version}, process {status.Pid}");
        table.Add("state", status.Ready ? "takes turns" : "takes no turns: it starts or stops");
        table.Add("since", $"{TurnTexts.At(status.StartedAt)} ({TurnTexts.Span(TimeSpan.FromSeconds(status.UptimeSeconds))})");
        table.Add("profile", status.Profile);
        table.Add("socket", status.Socket);
        table.Add("turns", $"{TurnTexts.Count(status.Turns.Running)} run, {TurnTexts.Count(status.Turns.Queued)} wait");
        table.Add("slots", $"{status.Slots.Used} of {status.Slots.Limit} for codex in use, {TurnTexts.Count(status.Slots.WaitingAgents)} agents wait for one");
        table.Add("agents", $"{TurnTexts.Count(status.ActiveAgents)} in memory");
        table.Add("readers", TurnTexts.Count(status.Readers));
        if (status.Molecule is { } inbox)
        {
            table.Add("molecule", $"workspace {inbox.WorkspaceId} of {inbox.Platform}, {Word(inbox.State)}");
            table.Add("messages", $"{TurnTexts.Count(inbox.Received)} open, {TurnTexts.Count(inbox.Answered)} replies not taken yet, {TurnTexts.Count(inbox.DeadLetters)} dead letters");
            if (inbox.LastError is { } error)
            {
                table.Add("last error", $"{TurnTexts.At(inbox.LastErrorAt ?? status.StartedAt)}: {error}");
            }
        }

        return table;
    }
}
