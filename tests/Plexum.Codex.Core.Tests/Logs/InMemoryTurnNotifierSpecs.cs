using Plexum.Codex.Turns;
using Xunit;

namespace Plexum.Codex.Logs;

public sealed class InMemoryTurnNotifierSpecs
{
    private static readonly AgentId Agent = AgentId.Parse("alice");
    private static readonly TurnId Turn = TurnId.Parse("turn-1");

    private readonly InMemoryTurnNotifier _notifier = new();

    [Fact]
    public async Task A_watch_is_notified_of_the_start_and_the_end_of_its_turn_only()
    {
        using var watch = _notifier.Watch(Turn);
        using var again = _notifier.Watch(Turn);
        using var other = _notifier.Watch(TurnId.Parse("turn-2"));

        _notifier.Started(Turn, Agent);
        _notifier.Ended(Turn, Agent, StopReason.EndTurn, null);

        await watch.Started.WaitAsync(Limits.Wait);
        Assert.Equal(new TurnNotice.Ended(Turn, Agent, StopReason.EndTurn, null), await watch.Ended.WaitAsync(Limits.Wait));
        Assert.True(again.Ended.IsCompleted);
        Assert.False(other.Started.IsCompleted || other.Ended.IsCompleted);
    }

    [Fact]
    public void Nothing_is_reported_after_a_watch_was_given_up()
    {
        var told = new List<TurnNotice>();
        var watch = _notifier.Watch(Turn);
        using (_notifier.WatchAll(told.Add))
        {
            _notifier.Started(Turn, Agent);
        }

        watch.Dispose();
        _notifier.Ended(Turn, Agent, StopReason.Error, null);

        Assert.Equal([new TurnNotice.Started(Turn, Agent)], told);
        Assert.True(watch.Started.IsCompleted);
        Assert.False(watch.Ended.IsCompleted);
    }
}
