using Akka.Event;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Agents;

public sealed partial class AgentActor
{
    private const string DeadlineTimer = "deadline";
    private const string ThreadTimer = "thread";

    private readonly ILoggingAdapter _log = Context.GetLogger();

    private void LogSpawning(QueuedTurn turn, PreparedTurn prepared) => _log.Info(
        "codex: spawning CLI workspace={0} model={1} resume={2} prompt_len={3} agent={4} turn={5}",
        turn.Request.Workspace, turn.Model ?? "", prepared.Resume?.ToString() ?? "", turn.Prompt.Text.Length, _id, turn.TurnId);

    private void LogRefused(TurnId turn, string code) => _log.Info("codex: turn refused agent={0} turn={1} reason={2}", _id, turn, code);

    private void LogEnded(TurnId turn, StopReason reason) => _log.Info("codex: turn ended agent={0} turn={1} stop_reason={2}", _id, turn, reason);

    private void LogTakenUp(int started, int queued, int ended) => _log.Info(
        "codex: turns taken up agent={0} started={1} queued={2} ended={3}", _id, started, queued, ended);

    private void LogConsumed(int touched, int requested) => _log.Info(
        "codex session mutate complete agent={0} touched={1} requested={2}", _id, touched, requested);

    private void LogConsumeFailed(string reason) => _log.Warning("codex session mutate failed agent={0} err={1}", _id, reason);

    private void LogNoTools(TurnId turn, string reason) => _log.Warning("codex: mcp registration fail agent={0} turn={1} err={2}", _id, turn, reason);

    private void LogDeadline(TurnId turn) => _log.Warning("codex: turn took too long agent={0} turn={1}", _id, turn);

    private void LogStale(string what, TurnId turn) => _log.Debug("codex: {0} of turn {1} came too late and is passed over", what, turn);
}
