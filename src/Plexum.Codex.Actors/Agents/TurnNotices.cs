using Plexum.Codex.Logs;

namespace Plexum.Codex.Agents;

/// <summary>Tells the notifier what an agent tells who submitted a turn.</summary>
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
