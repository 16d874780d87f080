using Akka.Event;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Agents;

public sealed partial class AgentActor
{
    private const string DeadlineTimer = "deadline";
    private const string ThreadTimer = "thread";

    private readonly ILoggingAdapter _log = Context.GetLogger();

    private void LogSpawning(QueuedTurn turn, PreparedTurn prepared) => _log.Info(
        "codex: spawning CLI workspace={Workspace} model={Model} resume={Resume} prompt_len={PromptLen} agent={AgentId} turn={TurnId}",
        turn.Request.Workspace, turn.Model ?? "", prepared.Resume?.ToString() ?? "", turn.Prompt.Text.Length, _id, turn.TurnId);

    private void LogRefused(TurnId turn, string code) => _log.Info("codex: turn refused agent={AgentId} turn={TurnId} reason={Reason}", _id, turn, code);

    private void LogEnded(TurnId turn, StopReason reason) => _log.Info("codex: turn ended agent={AgentId} turn={TurnId} stop_reason={StopReason}", _id, turn, reason);

    private void LogTakenUp(int started, int queued, int ended) => _log.Info(
        "codex: turns taken up agent={AgentId} started={Started} queued={Queued} ended={Ended}", _id, started, queued, ended);

    private void LogConsumed(int touched, int requested) => _log.Info(
        "codex session mutate complete agent={AgentId} touched={Touched} requested={Requested}", _id, touched, requested);

    private void LogConsumeFailed(string reason) => _log.Warning("codex session mutate failed agent={AgentId} err={Error}", _id, reason);

    private void LogNoTools(TurnId turn, string reason) => _log.Warning("codex: mcp registration fail agent={AgentId} turn={TurnId} err={Error}", _id, turn, reason);

    private void LogDeadline(TurnId turn) => _log.Warning("codex: turn took too long agent={AgentId} turn={TurnId}", _id, turn);

    private void LogStale(string what, TurnId turn) => _log.Debug("codex: {What} of turn {TurnId} came too late and is passed over", what, turn);
}
