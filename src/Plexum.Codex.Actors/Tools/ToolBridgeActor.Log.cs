using Akka.Event;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Tools;

internal sealed partial class ToolBridgeActor
{
    private readonly ILoggingAdapter _log = Context.GetLogger();

    private void LogOpened(TurnId turn, int tools) => _log.Debug("codex: tools open agent={0} turn={1} tools={2}", _id, turn, tools);

    private void LogCall(TurnId turn, string call, string tool) => _log.Info("codex: tool call agent={0} turn={1} call={2} tool={3}", _id, turn, call, tool);

    private void LogUnchecked(TurnId turn, string tool, string reason) => _log.Warning(
        "codex: calls of a tool go to the host unchecked, its input schema cannot be used agent={0} turn={1} tool={2}: {3}", _id, turn, tool, reason);

    private void LogHostGone(TurnId turn) => _log.Warning("codex: the host of the turn's tools is gone agent={0} turn={1}", _id, turn);

    private void LogIntruder() => _log.Warning("codex: a connection to the tools of agent {0} did not show the turn's token and was closed", _id);

    private void LogTooMany(int most) => _log.Warning("codex: more than {0} connections to the tools of agent {1}; one more is refused", most, _id);

    private void LogConnectionFailed(string reason) => _log.Warning("codex: a connection to the tools of agent {0} failed: {1}", _id, reason);

    private void LogAcceptFailed(string reason) => _log.Warning("codex: the socket of the tools of agent {0} takes no more connections: {1}", _id, reason);
}
