using System.Reflection;
using Plexum.Codex.Events;
using Plexum.Codex.Ledger;
using Plexum.Codex.Turns;
using Xunit;

namespace Plexum.Codex.Gateway;

/// <summary>What followers do while the end of a turn can be written neither to its log nor to the ledger.</summary>
public sealed class UnwritableLedgerSpecs : GatewayTestKit
{
    private static readonly TurnFailure Full = new("log_unwritable", "The disk is full.", TurnErrorClass.Internal, Retryable: true);

    private readonly HeldLedger _held;
    private readonly TurnGateway _gateway;

    public UnwritableLedgerSpecs()
    {
        var ledger = DispatchProxy.Create<ITurnLedger, HeldLedger>();
        _held = (HeldLedger)(object)ledger;
        _held.Ledger = Ledger;
        _gateway = new TurnGateway(Services with { Ledger = ledger });
    }

    [Fact]
    public async Task A_reader_hears_that_it_waits_and_gets_no_end_until_the_ledger_has_one()
    {
        var turn = await RunningAsync(Text("one"));
        await using var follower = await ReadToItsUnkeptEndAsync(turn);
        for (var beat = 0; beat < 3; beat++)
        {
            Assert.Equal(FollowSignal.Beat, await NextAsync(follower));
            Assert.True(follower.AwaitsLedger);
            Assert.Empty(follower.Ending);
        }

        Ledger.Ended(turn, Failed());
        _held.Release();

        Assert.Equal(FollowSignal.Ending, await NextButABeatAsync(follower));
        Assert.Equal(["broken"], follower.Ending.Select(made => made.Event).OfType<CanonicalEvent.Error>().Select(error => error.Code));
        var end = Assert.IsType<CanonicalEvent.MessageEnd>(follower.Ending[1].Event);
        Assert.Equal((3, StopReason.Error), (follower.Ending[1].Seq, end.StopReason));
        Assert.Equal(FollowSignal.Over, await NextAsync(follower));
    }

    [Fact]
    public async Task A_reader_that_has_no_patience_gets_the_end_that_was_told()
    {
        var turn = await RunningAsync(Text("one"));
        await using var follower = await ReadToItsUnkeptEndAsync(turn);
        Assert.Equal(FollowSignal.Beat, await NextAsync(follower));

        follower.TakeToldEnd();

        Assert.Equal(FollowSignal.Ending, await NextButABeatAsync(follower));
        Assert.Equal([new NumberedEvent(2, Full.ToEvent()), new NumberedEvent(3, End(StopReason.Error))], follower.Ending.AsEnumerable());
    }

    [Fact]
    public async Task Who_wants_the_end_alone_waits_for_the_one_that_the_ledger_keeps()
    {
        var turn = await RunningAsync(Text("one"));
        var finishing = _gateway.FinishAsync(turn);
        Tell(turn);

        var seconds = 0;
        await Limits.UntilAsync(() =>
        {
            Time.Advance(WatchedTurn.LedgerLimit);
            return _held.Waiting > 0 && ++seconds > 20;
        });
        Assert.False(finishing.IsCompleted);
        Ledger.Ended(turn, Failed());
        _held.Release();

        Assert.Equal("broken", (await finishing.WithinLimit())!.Error!.Code);
    }

    private async Task<TurnFollower> ReadToItsUnkeptEndAsync(TurnId turn)
    {
        var follower = Assert.IsType<FollowAnswer.Followed>(await _gateway.FollowAsync(turn)).Follower;
        Assert.Equal(FollowSignal.Events, await follower.NextAsync().AsTask().WithinLimit());
        Assert.Equal(["1 text_delta"], Drain(follower));
        Tell(turn);

        // Until the follower has heard of it, it beats because nothing comes.
        await Limits.UntilAsync(async () => await NextAsync(follower) == FollowSignal.Beat && follower.AwaitsLedger);
        return follower;
    }

    private void Tell(TurnId turn)
    {
        _held.IsHeld = true;
        Notifier.Ended(turn, Alice, StopReason.Error, Full);
    }

    private async Task<FollowSignal> NextButABeatAsync(TurnFollower follower)
    {
        FollowSignal next;
        do
        {
            next = await NextAsync(follower);
        } while (next == FollowSignal.Beat);

        return next;
    }

    private async Task<FollowSignal> NextAsync(TurnFollower follower)
    {
        var next = follower.NextAsync().AsTask();
        await Limits.UntilAsync(() =>
        {
            Time.Advance(TurnGateway.DefaultHeartbeat);
            return next.IsCompleted;
        });
        return await next;
    }

    /// <summary>A ledger that takes notes and cannot write them.</summary>
    public class HeldLedger : DispatchProxy
    {
        private readonly TaskCompletionSource _written = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _waiting;

        public ITurnLedger Ledger { get; set; } = new InMemoryLedger();

        public bool IsHeld { get; set; }

        /// <summary>How often somebody has begun to wait.</summary>
        public int Waiting => Volatile.Read(ref _waiting);

        public void Release() => _written.TrySetResult();

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
        {
            if (!IsHeld || targetMethod!.Name != nameof(ITurnLedger.FlushAsync))
            {
                return targetMethod!.Invoke(Ledger, args);
            }

            Interlocked.Increment(ref _waiting);
            return _written.Task.WaitAsync((CancellationToken)args![0]!);
        }
    }
}
