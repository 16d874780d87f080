using Akka.Event;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Molecule.Inbox;

internal sealed partial class ConversationActor
{
    private readonly ILoggingAdapter _log = Context.GetLogger();

    private string Message => _entry?.ActivityId ?? "";

    private void LogTurn() => _log.Info("molecule: message {MessageId} conversation={Conversation} turn={TurnId}", Message, _agent, _turn);

    private void LogNotNoted(TurnId turn, Exception cause) =>
        _log.Warning("molecule: turn {TurnId} of {Conversation} is not in the audit log: {Error}", turn, _agent, cause.Message);

    private void LogAnswered(StopReason reason) =>
        _log.Info(
            "molecule: message {MessageId} answered conversation={Conversation} turn={TurnId} stop_reason={StopReason}",
            Message,
            _agent,
            _turn,
            reason
        );

    private void LogRefused(string code) =>
        _log.Warning(
            "molecule: message {MessageId} was refused as a turn conversation={Conversation} reason={Reason}",
            Message,
            _agent,
            code
        );

    private void LogDelivered() =>
        _log.Info("molecule: reply to message {MessageId} delivered conversation={Conversation}", Message, _agent);

    private void LogGivenUp(string problem) =>
        _log.Warning("molecule: message {MessageId} became a dead letter conversation={Conversation}: {Error}", Message, _agent, problem);

    private void LogHeldBack(TimeSpan time) =>
        _log.Warning(
            "molecule: message {MessageId} waits {Wait:0} s conversation={Conversation}: "
                + "the peer has had all replies that molecule.peer-replies allows",
            Message,
            time.TotalSeconds,
            _agent
        );

    private void LogFailed(Exception cause)
    {
        if (_failures == 0)
        {
            _log.Warning("molecule: conversation {Conversation} failed and will try again: {Error}", _agent, cause.Message);
        }
    }
}
