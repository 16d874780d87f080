using Akka.Streams;
using Akka.Streams.Dsl;
using Xunit;

namespace Plexum.ActorKernel.Tests.Streams;

public sealed class KillSwitchSpecs(StreamSystem streams) : IClassFixture<StreamSystem>
{
    private readonly ActorMaterializer _materializer = streams.Materializer;

    [Fact]
    public async Task S16_Shutdown_should_complete_downstream_and_cancel_upstream()
    {
        var (upstream, killSwitch, end) = Endless();

        killSwitch.Shutdown();

        await end.Soon();
        await upstream.Soon();
    }

    [Fact]
    public async Task S16_Abort_should_fail_downstream_with_its_cause()
    {
        var (upstream, killSwitch, end) = Endless();

        killSwitch.Abort(new InvalidOperationException("enough"));

        var error = await Assert.ThrowsAsync<AggregateException>(() => end.Soon());
        Assert.Equal("enough", error.GetBaseException().Message);
        await Assert.ThrowsAnyAsync<Exception>(() => upstream.Soon());
    }

    [Fact]
    public async Task S16_Only_the_first_use_should_count()
    {
        var (_, killSwitch, end) = Endless();

        killSwitch.Shutdown();
        killSwitch.Abort(new InvalidOperationException("late"));
        killSwitch.Shutdown();

        await end.Soon();
    }

    [Fact]
    public async Task S16_A_switch_should_end_a_stream_that_moves_without_pause()
    {
        var moves = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var (killSwitch, end) = Source.Repeat(1).ViaMaterialized(KillSwitches.Single<int>(), Keep.Right)
            .ToMaterialized(Sink.ForEach<int>(_ => moves.TrySetResult()), Keep.Both).Run(_materializer);
        await moves.Task.Soon();

        killSwitch.Shutdown();

        await end.Soon();
    }

    [Fact]
    public async Task S16_A_shared_switch_should_end_all_streams_that_pass_it_and_all_that_are_started_later()
    {
        var shared = KillSwitches.Shared("all");
        var source = Source.Never<int>().Via(shared.Flow<int>());
        var first = source.RunWith(Sink.Seq<int>(), _materializer);
        var second = Source.Never<string>().Via(shared.Flow<string>()).RunWith(Sink.Seq<string>(), _materializer);

        shared.Shutdown();

        Assert.Empty(await first.Soon());
        Assert.Empty(await second.Soon());
        Assert.Empty(await source.RunWith(Sink.Seq<int>(), _materializer).Soon());
    }

    [Fact]
    public async Task S16_A_shared_switch_should_abort_with_its_cause()
    {
        var shared = KillSwitches.Shared("all");
        var end = Source.Never<int>().ViaMaterialized(shared.Flow<int>(), Keep.Right)
            .ToMaterialized(Sink.Seq<int>(), Keep.Both).Run(_materializer);

        Assert.Same(shared, end.Item1);
        shared.Abort(new InvalidOperationException("enough"));

        Assert.Equal("enough", (await Assert.ThrowsAsync<AggregateException>(() => end.Item2.Soon())).GetBaseException().Message);
    }

    [Fact]
    public async Task S16_Each_run_should_have_a_switch_of_its_own()
    {
        var graph = Source.Never<int>().ViaMaterialized(KillSwitches.Single<int>(), Keep.Right).ToMaterialized(Sink.Seq<int>(), Keep.Both);
        var (first, firstEnd) = graph.Run(_materializer);
        var (second, secondEnd) = graph.Run(_materializer);

        first.Shutdown();
        await firstEnd.Soon();

        Assert.False(secondEnd.IsCompleted);
        second.Shutdown();
        await secondEnd.Soon();
    }

    [Fact]
    public async Task A_cancelled_token_should_fail_or_complete_its_stream()
    {
        using var cancellation = new CancellationTokenSource();
        var failed = Source.Never<int>().Via(cancellation.Token.AsFlow<int>()).RunWith(Sink.Seq<int>(), _materializer);
        var completed = Source.Never<int>().Via(cancellation.Token.AsFlow<int>(cancelGracefully: true)).RunWith(Sink.Seq<int>(), _materializer);

        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => failed.Soon());
        Assert.Empty(await completed.Soon());
        var late = Source.Never<int>().Via(cancellation.Token.AsFlow<int>()).RunWith(Sink.Seq<int>(), _materializer);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => late.Soon());
    }

    private (Task Upstream, UniqueKillSwitch Switch, Task End) Endless()
    {
        var ((upstream, killSwitch), end) = Source.Never<int>()
            .WatchTermination((_, task) => task)
            .ViaMaterialized(KillSwitches.Single<int>(), Keep.Both)
            .ToMaterialized(Sink.Seq<int>(), Keep.Both)
            .Run(_materializer);
        return (upstream, killSwitch, end);
    }
}
