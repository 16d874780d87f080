using Akka.Event;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Tools;

internal sealed partial class ToolBridgeActor
{
    private readonly ILoggingAdapter _log = Context.GetLogger();

    private void LogOpened(TurnId turn, int tools) =>
        _log.Debug("codex: tools open agent={AgentId} turn={TurnId} tools={Tools}", _id, turn, tools);

    private void LogCall(TurnId turn, string call, string tool) =>
        _log.Info("codex: tool call agent={AgentId} turn={TurnId} call={Call} tool={Tool}", _id, turn, call, tool);

    private void LogUnchecked(TurnId turn, string tool, string reason) =>
        _log.Warning(
            "codex: calls of a tool are not checked: its input schema cannot be used agent={AgentId} turn={TurnId} tool={Tool}: "
                + "{Error}",
            _id,
            turn,
            tool,
            reason
        );

    private void LogHandlerGone(TurnId turn) =>
        _log.Warning("codex: the host of the turn's tools is gone agent={AgentId} turn={TurnId}", _id, turn);

    private void LogAcceptFailed(string reason) =>
        _log.Warning("codex: the socket of the tools of agent {AgentId} no longer accepts connections: {Error}", _id, reason);
}
