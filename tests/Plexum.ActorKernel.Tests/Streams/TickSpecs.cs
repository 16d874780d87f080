using System.Threading.Channels;
using Akka.Actor;
using Akka.Configuration;
using Akka.Streams;
using Akka.Streams.Dsl;
using Akka.TestKit;
using Xunit;

namespace Plexum.ActorKernel.Tests.Streams;

public sealed class TickSpecs : IAsyncLifetime
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly ActorSystem _system = ActorSystem.Create(
        "ticks",
        ConfigurationFactory.ParseString("""akka.scheduler.implementation = "Akka.TestKit.TestScheduler, Akka.TestKit" """)
            .WithFallback(StreamSystem.Quiet));

    private int _turns;

    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync() => _system.Terminate();

    [Fact]
    public async Task S21_A_tick_should_come_with_each_interval_of_the_systems_clock()
    {
        var received = Channel.CreateUnbounded<string>();
        var (ticks, end) = Source.Tick(Second, Second, "tick")
            .ToMaterialized(Sink.ForEach<string>(tick => received.Writer.TryWrite(tick)), Keep.Both).Run(_system.Materializer());
        await Until(() => received.Reader.TryRead(out _));

        for (var n = 0; n < 10; n++)
        {
            Turn();
            Assert.Equal("tick", await received.Reader.ReadAsync().AsTask().Soon());
        }

        ticks.Cancel();
        await end.Soon();
        Assert.InRange(received.Reader.Count, 0, _turns - 11);
    }

    [Fact]
    public async Task S21_A_tick_without_demand_should_be_dropped()
    {
        // Two elements are under way and there is no demand for a third one. When the second has begun, the stage has
        // taken note of the first one's task, so that its end arrives behind the ticks that are turned before it.
        var began = Channel.CreateUnbounded<int>();
        var passed = Channel.CreateUnbounded<int>();
        var first = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
        var second = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
        var count = 0;
        var (ticks, elements) = Source.Tick(Second, Second, "tick")
            .SelectAsyncUnordered(2, _ =>
            {
                began.Writer.TryWrite(++count);
                return count == 1 ? first.Task : second.Task;
            })
            .Select(n =>
            {
                passed.Writer.TryWrite(n);
                return n;
            })
            .ToMaterialized(Sink.Seq<int>(), Keep.Both).Run(_system.Materializer());
        await Until(() => began.Reader.TryRead(out var n) && n == 2);

        for (var n = 0; n < 5; n++) Turn();
        first.SetResult(1);
        Assert.Equal(1, await passed.Reader.ReadAsync().AsTask().Soon());
        ticks.Cancel();
        second.SetResult(2);

        Assert.Equal([1, 2], await elements.Soon());
    }

    [Fact]
    public async Task S21_Cancelling_should_complete_the_stream()
    {
        var (ticks, elements) = Source.Tick(Second, Second, 1).ToMaterialized(Sink.Seq<int>(), Keep.Both).Run(_system.Materializer());

        ticks.Cancel();

        Assert.Empty(await elements.Soon());
        Assert.True(ticks.IsCancellationRequested);
    }

    /// <summary>Turns the clock second by second until something is seen.</summary>
    private async Task Until(Func<bool> isSeen)
    {
        using var limit = new CancellationTokenSource(Waiting.Generous);
        while (!isSeen())
        {
            limit.Token.ThrowIfCancellationRequested();
            Turn();
            await Task.Yield();
        }
    }

    private void Turn()
    {
        _turns++;
        ((TestScheduler)_system.Scheduler).Advance(Second);
    }
}
