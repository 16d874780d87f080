using Akka.Event;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Molecule.Inbox;

internal sealed partial class ChatThreadActor
{
    private readonly ILoggingAdapter _log = Context.GetLogger();

    private string Message => _entry?.ActivityId ?? "";

    private void LogTurn() => _log.Info("molecule: message {MessageId} thread={Thread} turn={TurnId}", Message, _thread, _turn);

    private void LogAnswered(StopReason reason) => _log.Info("molecule: message {MessageId} answered thread={Thread} turn={TurnId} stop_reason={StopReason}", Message, _thread, _turn, reason);

    private void LogRefused(string code) => _log.Warning("molecule: message {MessageId} is nothing for codex thread={Thread} reason={Reason}", Message, _thread, code);

    private void LogDelivered() => _log.Info("molecule: reply to message {MessageId} delivered thread={Thread}", Message, _thread);

    private void LogNotDelivered(int attempts, Exception cause)
    {
        if (attempts == 1)
        {
            _log.Warning("molecule: reply to message {MessageId} was not taken and is kept thread={Thread}: {Error}", Message, _thread, cause.Message);
        }
        else
        {
            _log.Debug("molecule: reply to message {MessageId} was not taken for the time {Attempts} thread={Thread}: {Error}", Message, attempts, _thread, cause.Message);
        }
    }

    private void LogGivenUp(string problem) => _log.Warning("molecule: message {MessageId} is a dead letter now thread={Thread}: {Error}", Message, _thread, problem);

    private void LogHeldBack(TimeSpan time) => _log.Warning(
        "molecule: message {MessageId} waits {Wait:0} s thread={Thread}: the peer has had as many replies as molecule.peer-replies allows", Message, time.TotalSeconds, _thread);

    private void LogFailed(Exception cause)
    {
        if (_failures == 0)
        {
            _log.Warning("molecule: thread {Thread} cannot go on and tries again: {Error}", _thread, cause.Message);
        }
    }
}
