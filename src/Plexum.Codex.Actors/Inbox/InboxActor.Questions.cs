using Akka.Actor;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Inbox;

/// <summary>What others ask of an inbox.</summary>
public sealed partial class InboxActor
{
    private void Questions()
    {
        Receive<InboxProtocol.GetStatus>(_ => TellStatus());
        Receive<InboxProtocol.GetDeadLetters>(TellDeadLetters);
        Receive<InboxProtocol.Requeue>(Requeue);
        Receive<LettersOpened>(OnLettersOpened);
        Receive<InboxProtocol.Close>(close => _deliveries.Forward(close));
    }

    private void TellStatus()
    {
        var (phase, threads, error, polled) = (_phase, _threads.Count, _lastError, _lastPolledAt);
        _environment.Journal.CountAsync().PipeTo(
            Sender, Self,
            success: counts => new InboxProtocol.InboxStatus(_environment.WorkspaceId, phase, counts, threads, error?.Text, error?.At, polled),
            failure: Failed);
    }

    private void TellDeadLetters(InboxProtocol.GetDeadLetters question) =>
        _environment.Journal.FindDeadLettersAsync(question.After, question.Limit).PipeTo(
            Sender, Self, success: letters => new InboxProtocol.DeadLettersFound(letters), failure: Failed);

    private void Requeue(InboxProtocol.Requeue command)
    {
        var asker = Sender;
        _environment.Journal.RequeueAsync(command.ActivityId, _environment.Time.GetUtcNow()).PipeTo(
            Self, asker, success: opened => new LettersOpened(opened.Count, opened.Threads), failure: e => new LettersOpened(0, [], e));
    }

    private void OnLettersOpened(LettersOpened opened)
    {
        if (opened.Failure is { } failure)
        {
            Sender.Tell(Failed(failure));
            return;
        }

        LogRequeued(opened.Count);
        Wake(opened.Threads);
        Sender.Tell(new InboxProtocol.Requeued(opened.Count));
    }

    private static InboxProtocol.JournalFailed Failed(Exception e) => new(e.Message);

    private sealed record LettersOpened(int Count, System.Collections.Immutable.ImmutableArray<Turns.AgentId> Threads, Exception? Failure = null);
}
