using Plexum.Codex.Logs;

namespace Plexum.Codex.Agents;

/// <summary>Passes the events that an agent sends to a turn's submitter to the notifier too.</summary>
internal static class TurnNotices
{
    public static void TellOf(this ITurnNotifier notifier, AgentProtocol.IEvent fact)
    {
        switch (fact)
        {
            case AgentProtocol.TurnStarted started:
                notifier.Started(started.TurnId, started.AgentId);
                break;
            case AgentProtocol.TurnEnded ended:
                notifier.Ended(ended.TurnId, ended.AgentId, ended.StopReason, ended.Unrecorded);
                break;
        }
    }
}
