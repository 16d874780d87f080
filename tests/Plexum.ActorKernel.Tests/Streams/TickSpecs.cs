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

    private TestScheduler Clock => (TestScheduler)_system.Scheduler;

    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync() => _system.Terminate();

    [Fact]
    public async Task S21_A_tick_should_come_with_each_interval_of_the_systems_clock()
    {
        var received = Channel.CreateUnbounded<string>();
        var ticks = Source.Tick(Second, Second, "tick").To(Sink.ForEach<string>(tick => received.Writer.TryWrite(tick))).Run(_system.Materializer());
        await Until(() => received.Reader.TryRead(out _));

        for (var n = 0; n < 10; n++)
        {
            Clock.Advance(Second);
            Assert.Equal("tick", await received.Reader.ReadAsync().AsTask().Soon());
            Assert.False(received.Reader.TryPeek(out _));
        }

        ticks.Cancel();
    }

    [Fact]
    public async Task S21_A_tick_without_demand_should_be_dropped()
    {
        var began = Channel.CreateUnbounded<int>();
        var goOn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var (ticks, elements) = Source.Tick(Second, Second, 1)
            .SelectAsync(1, async n =>
            {
                began.Writer.TryWrite(n);
                await goOn.Task;
                return n;
            })
            .ToMaterialized(Sink.Seq<int>(), Keep.Both).Run(_system.Materializer());
        await Until(() => began.Reader.TryRead(out _));

        for (var n = 0; n < 5; n++) Clock.Advance(Second);
        goOn.SetResult();
        await Until(() => began.Reader.TryRead(out _));
        ticks.Cancel();

        Assert.Equal([1, 1], await elements.Soon());
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
            Clock.Advance(Second);
            await Task.Yield();
        }
    }
}
