using Akka.Actor;
using Plexum.ActorKernel.Tests.Event;
using Xunit;

namespace Plexum.ActorKernel.Tests.Scheduling;

public sealed class CancelableSpecs : SystemTest
{
    [Fact]
    public void Cancelling_cancels_the_token_whenever_it_was_asked_for()
    {
        var scheduler = Start().Scheduler;
        var asked = new Cancelable(scheduler);
        var unasked = new Cancelable(scheduler);
        var token = asked.Token;
        Assert.False(token.IsCancellationRequested);

        asked.Cancel();
        unasked.Cancel();
        unasked.Cancel();

        Assert.True(token.IsCancellationRequested);
        Assert.True(unasked.Token.IsCancellationRequested);
        Assert.True(asked.IsCancellationRequested);
        Assert.True(unasked.IsCancellationRequested);
    }

    [Fact]
    public async Task Cancelling_can_be_put_off()
    {
        var scheduler = Start().Scheduler;
        var now = new Cancelable(scheduler);
        now.CancelAfter(TimeSpan.FromMilliseconds(20));

        await new Cancelable(scheduler, TimeSpan.FromMilliseconds(20)).Token.WaitAsync();
        await new Cancelable(scheduler, 20).Token.WaitAsync();
        await now.Token.WaitAsync();

        Assert.True(now.IsCancellationRequested);
    }

    [Fact]
    public void A_linked_one_follows_any_of_the_others_but_they_do_not_follow_it()
    {
        var scheduler = Start().Scheduler;
        var first = new Cancelable(scheduler);
        var second = new Cancelable(scheduler);
        var linked = Cancelable.CreateLinkedCancelable(scheduler, first, second);
        var other = Cancelable.CreateLinkedCancelable(scheduler, first, second);

        other.Cancel();
        Assert.False(linked.IsCancellationRequested);
        second.Cancel();

        Assert.True(linked.IsCancellationRequested);
        Assert.True(linked.Token.IsCancellationRequested);
        Assert.False(first.IsCancellationRequested);
    }

    [Fact]
    public async Task Work_scheduled_with_a_linked_one_is_cancelled_with_the_others()
    {
        var system = Start();
        var listener = new Listener(system);
        using var source = new CancellationTokenSource();
        var linked = Cancelable.CreateLinkedCancelable(system.Scheduler, source.Token);

        system.Scheduler.ScheduleTellOnce(TimeSpan.FromMilliseconds(50), listener.Ref, "no", ActorRefs.NoSender, linked);
        source.Cancel();
        system.Scheduler.ScheduleTellOnce(TimeSpan.FromMilliseconds(100), listener.Ref, "end", ActorRefs.NoSender);

        Assert.Equal("end", await listener.Next<string>());
    }

    [Fact]
    public void One_can_be_cancelled_from_birth()
    {
        var cancelled = Cancelable.CreateCanceled();

        Assert.True(cancelled.IsCancellationRequested);
        Assert.True(cancelled.Token.IsCancellationRequested);
        cancelled.Cancel();
    }

    [Fact]
    public void Failures_of_callbacks_reach_the_canceller()
    {
        var scheduler = Start().Scheduler;
        var gathered = new Cancelable(scheduler);
        var first = new Cancelable(scheduler);
        foreach (var handle in new[] { gathered, first })
        {
            handle.Token.Register(() => throw new InvalidOperationException("one"));
            handle.Token.Register(() => throw new InvalidOperationException("two"));
        }

        Assert.Equal(2, Assert.Throws<AggregateException>(() => gathered.Cancel()).InnerExceptions.Count);
        Assert.Throws<InvalidOperationException>(() => first.Cancel(throwOnFirstException: true));
    }

    [Fact]
    public void A_disposed_one_cannot_be_used()
    {
        var handle = new Cancelable(Start().Scheduler);
        handle.Dispose();
        handle.Dispose();

        Assert.True(handle.IsDisposed);
        Assert.Throws<ObjectDisposedException>(() => handle.Cancel());
        Assert.Throws<ObjectDisposedException>(() => handle.CancelAfter(1));
        Assert.Throws<ObjectDisposedException>(() => handle.Token);
    }

    [Fact]
    public void Impossible_delays_are_refused()
    {
        var handle = new Cancelable(Start().Scheduler);

        Assert.Throws<ArgumentOutOfRangeException>(() => handle.CancelAfter(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => handle.CancelAfter(TimeSpan.FromTicks(-1)));
    }

    [Fact]
    public void Nothing_at_all_can_be_cancelled_too()
    {
        ICancelable? nothing = null;
        var something = new Cancelable(Start().Scheduler);

        nothing.CancelIfNotNull();
        something.CancelIfNotNull();

        Assert.True(something.IsCancellationRequested);
    }
}
