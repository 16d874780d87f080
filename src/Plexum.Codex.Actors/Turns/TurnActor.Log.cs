using Akka.Event;

namespace Plexum.Codex.Turns;

/// <summary>The actor's log messages.</summary>
internal sealed partial class TurnActor
{
    private const string ThreadTimer = "thread";

    private readonly ILoggingAdapter _log = Context.GetLogger();

    private void LogStarting() =>
        _log.Info(
            "codex: spawning CLI workspace={Workspace} model={Model} resume={Resume} prompt_len={PromptLen} agent={AgentId} turn={TurnId}",
            _hold.Workspace,
            _turn.Model ?? "",
            _hold.Thread?.ToString() ?? "",
            _turn.Prompt.Text.Length,
            _turn.AgentId,
            _turn.TurnId
        );

    private void LogNoTools(string reason) =>
        _log.Warning("codex: mcp registration fail agent={AgentId} turn={TurnId} err={Error}", _turn.AgentId, _turn.TurnId, reason);

    private void LogDeadline() =>
        _log.Info("codex: turn exceeded its time limit agent={AgentId} turn={TurnId}", _turn.AgentId, _turn.TurnId);

    private void LogSessionProblem(string problem) =>
        _log.Warning("codex: save session id failed err={Error} turn={TurnId}", problem, _turn.TurnId);
}
