using Akka.Event;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Agents;

public sealed partial class AgentRegistryActor
{
    private readonly ILoggingAdapter _log = Context.GetLogger();

    private void LogAgentStopped(AgentId id) => _log.Debug("codex: agent {AgentId} stopped", id);
}
