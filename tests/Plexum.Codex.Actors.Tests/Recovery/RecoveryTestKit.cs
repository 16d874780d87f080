using Akka.TestKit;
using Plexum.Codex.Events;
using Plexum.Codex.Logs;
using Plexum.Codex.Processes;
using Plexum.Codex.TestSupport.Agents;

namespace Plexum.Codex.Recovery;

/// <summary>Agents whose turns are handed over, and somebody who hears of the ends of turns.</summary>
public abstract class RecoveryTestKit : AgentTestKit
{
    private readonly TestProbe _ends;

    protected RecoveryTestKit()
    {
        _ends = CreateTestProbe();
        HearOfEnds(_ends.Ref);
    }

    /// <summary>The turn as its log has it, once its end was told.</summary>
    protected TurnStory Ended(TurnRun turn)
    {
        _ends.FishForMessage<TurnNotice.Ended>(ended => ended.TurnId == turn.Id);
        return TurnStory.Whole(turn);
    }

    /// <summary>Waits for a text of the answer in the turn's log.</summary>
    protected void AwaitText(TurnRun turn, string text) =>
        Eventually(() => Assert.Contains(new CanonicalEvent.TextDelta(text), turn.Events));

    /// <summary>Waits until codex has ended.</summary>
    protected void AwaitGone(ProcessIdentity codex) => Eventually(() => Assert.False(codex.IsRunning));
}
