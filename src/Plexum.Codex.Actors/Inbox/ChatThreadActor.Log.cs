using Akka.Event;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Inbox;

internal sealed partial class ChatThreadActor
{
    private readonly ILoggingAdapter _log = Context.GetLogger();

    private string Message => _entry?.ActivityId ?? "";

    private void LogTurn() => _log.Info("molecule: message {0} thread={1} turn={2}", Message, _thread, _turn);

    private void LogAnswered(StopReason reason) => _log.Info("molecule: message {0} answered thread={1} turn={2} stop_reason={3}", Message, _thread, _turn, reason);

    private void LogRefused(string code) => _log.Warning("molecule: message {0} is nothing for codex thread={1} reason={2}", Message, _thread, code);

    private void LogDelivered() => _log.Info("molecule: reply to message {0} delivered thread={1}", Message, _thread);

    private void LogNotDelivered(int attempts, Exception cause)
    {
        if (attempts == 1)
        {
            _log.Warning("molecule: reply to message {0} was not taken and is kept thread={1}: {2}", Message, _thread, cause.Message);
        }
        else
        {
            _log.Debug("molecule: reply to message {0} was not taken for the time {1} thread={2}: {3}", Message, attempts, _thread, cause.Message);
        }
    }

    private void LogGivenUp(string problem) => _log.Warning("molecule: message {0} is a dead letter now thread={1}: {2}", Message, _thread, problem);

    private void LogHeldBack(TimeSpan time) => _log.Warning(
        "molecule: message {0} waits {1:0} s thread={2}: the peer has had as many replies as molecule.peer-replies allows", Message, time.TotalSeconds, _thread);

    private void LogFailed(Exception cause)
    {
        if (_failures == 0)
        {
            _log.Warning("molecule: thread {0} cannot go on and tries again: {1}", _thread, cause.Message);
        }
    }
}
