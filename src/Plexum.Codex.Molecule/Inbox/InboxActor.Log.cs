using Akka.Event;
using Plexum.Codex.Inbox;
using Plexum.Codex.Molecule.Platform;
using Plexum.Codex.Problems;

namespace Plexum.Codex.Molecule.Inbox;

public sealed partial class InboxActor
{
    private readonly ILoggingAdapter _log = Context.GetLogger();

    private void LogOpened(string workspace, int conversations) =>
        _log.Info(
            "molecule: opened the inbox of workspace {Workspace}; conversations with open messages={Conversations}",
            workspace,
            conversations
        );

    private void LogArrival(InboundMessage message, InboxArrival arrival, string? drained)
    {
        if (drained is null)
        {
            _log.Info(
                "molecule: message {MessageId} kind={Kind} conversation={Conversation} len={Len}",
                message.ActivityId,
                message.Kind,
                arrival.Chat!.Conversation,
                arrival.Chat.Text.Length
            );
        }
        else
        {
            _log.Warning("molecule: message {MessageId} gets no answer: {Reason}", message.ActivityId, drained);
        }
    }

    private void LogPlatformDown(int failures, Exception cause, TimeSpan pause)
    {
        if (failures == 1)
        {
            _log.Warning(
                "molecule: the platform does not answer; next poll in {Pause:0.0} s, then less and less often: {Error}",
                pause.TotalSeconds,
                ForeignText.Mask(cause.Message)
            );
        }
        else
        {
            _log.Debug(
                "molecule: no answer after {Failures} polls; next poll in {Pause:0.0} s: {Error}",
                failures,
                pause.TotalSeconds,
                ForeignText.Mask(cause.Message)
            );
        }
    }

    private void LogPlatformBack(int failures) => _log.Info("molecule: the platform answers again after {Failures} failed polls", failures);

    private void LogRefused(string workspace, string problem) =>
        _log.Error(
            "molecule: the platform refuses workspace {Workspace} and is not called any more: {Error} Running turns end; their replies are "
                + "kept. Check the workspace and its token, then restart the program.",
            workspace,
            ForeignText.Mask(problem)
        );

    private void LogJournalDown(int failures, string problem)
    {
        if (failures == 1)
        {
            _log.Error("molecule: the journal cannot be written, so no new messages are accepted: {Error}", problem);
        }
    }

    private void LogRequeued(int count) => _log.Info("molecule: {Count} dead letters reopened", count);
}
