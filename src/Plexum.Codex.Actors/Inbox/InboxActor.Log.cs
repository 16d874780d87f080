using Akka.Event;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Inbox;

public sealed partial class InboxActor
{
    private readonly ILoggingAdapter _log = Context.GetLogger();

    private void LogOpened(string workspace, int threads) => _log.Info("molecule: inbox of workspace {Workspace} opened, threads with open messages={Messages}", workspace, threads);

    private void LogArrival(InboundMessage message, InboxArrival arrival, string? drained)
    {
        if (drained is null)
        {
            _log.Info(
                "molecule: message {MessageId} kind={Kind} thread={Thread} len={Len}", message.ActivityId, message.Kind, arrival.Chat!.Thread, arrival.Chat.Text.Length);
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
            _log.Warning("molecule: the platform does not answer, it is asked again in {Pause:0.0} s and then less often: {Error}", pause.TotalSeconds, cause.Message);
        }
        else
        {
            _log.Debug("molecule: still no answer after {Failures} questions, asked again in {Pause:0.0} s: {Error}", failures, pause.TotalSeconds, cause.Message);
        }
    }

    private void LogPlatformBack(int failures) => _log.Info("molecule: the platform answers again after {Failures} failures", failures);

    private void LogRefused(string workspace, string problem) => _log.Error(
        "molecule: the platform refuses workspace {Workspace} and is asked nothing more: {Error} Running turns end and their replies are kept. Check the workspace and its token, then start anew.",
        workspace, problem);

    private void LogJournalDown(int failures, string problem)
    {
        if (failures == 0)
        {
            _log.Error("molecule: messages cannot be written down, so no new ones are taken: {Error}", problem);
        }
    }

    private void LogRequeued(int count) => _log.Info("molecule: {Count} dead letters opened again", count);

    private void LogForgotten(int count)
    {
        if (count > 0)
        {
            _log.Info("molecule: {Count} old messages forgotten", count);
        }
    }

    private void LogNotForgotten(string reason) => _log.Warning("molecule: old messages are kept for another hour: {Error}", reason);
}
