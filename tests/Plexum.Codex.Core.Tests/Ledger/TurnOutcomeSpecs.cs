using Plexum.Codex.Events;
using Plexum.Codex.Logs;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Ledger;

public sealed class TurnOutcomeSpecs
{
    [Fact]
    public void A_turn_that_an_earlier_process_began_took_as_long_as_its_log_says()
    {
        var logged = new LoggedTurn();
        logged.Count(new CanonicalEvent.MessageEnd(StopReason.Error, default, default, null, TimeSpan.FromSeconds(7)));

        Assert.Equal(TimeSpan.FromSeconds(7), logged.ToOutcome(DateTimeOffset.UnixEpoch).Duration);
    }
}
