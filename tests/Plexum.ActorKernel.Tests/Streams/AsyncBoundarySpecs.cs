using Akka.Streams;
using Akka.Streams.Dsl;
using Xunit;

namespace Plexum.ActorKernel.Tests.Streams;

public sealed class AsyncBoundarySpecs(StreamSystem streams) : IClassFixture<StreamSystem>
{
    private readonly ActorMaterializer _materializer = streams.Materializer;

    [Fact]
    public async Task S3_Elements_should_keep_their_order_across_boundaries()
    {
        var elements = await Source.From(Enumerable.Range(0, 20_000)).Async()
            .Via(Flow.Create<int>().Select(n => n + 1).Async())
            .SelectAsync(4, async n =>
            {
                if (n % 7 == 0) await Task.Yield();
                return n;
            })
            .Async()
            .RunWith(Sink.Seq<int>().Async(), _materializer).Soon();

        Assert.Equal(Enumerable.Range(1, 20_000), elements);
    }

    [Fact]
    public async Task Objects_should_cross_a_boundary_as_numbers_do()
    {
        var elements = await Source.From(Enumerable.Range(0, 1_000)).Select(n => $"{n}").Async().RunWith(Sink.Seq<string>(), _materializer).Soon();

        Assert.Equal(Enumerable.Range(0, 1_000).Select(n => $"{n}"), elements);
    }

    [Fact]
    public async Task S9_Completion_should_follow_the_last_element_across_a_boundary()
    {
        Assert.Empty(await Source.Empty<int>().Async().RunWith(Sink.Seq<int>(), _materializer).Soon());
        Assert.Equal([1], await Source.Single(1).Async().RunWith(Sink.Seq<int>(), _materializer).Soon());
        Assert.Equal(Enumerable.Range(0, 17), await Source.From(Enumerable.Range(0, 17)).Async().RunWith(Sink.Seq<int>(), _materializer).Soon());
    }

    [Fact]
    public async Task S10_A_failure_should_cross_a_boundary_as_it_is()
    {
        var cause = new InvalidOperationException("no");

        var elements = Source.Failed<int>(cause).Async().RunWith(Sink.Seq<int>().Async(), _materializer);

        Assert.Same(cause, await Assert.ThrowsAsync<InvalidOperationException>(() => elements.Soon()));
    }

    [Fact]
    public async Task S10_A_failure_should_overtake_the_elements_that_wait_at_a_boundary()
    {
        var entered = new ManualResetEventSlim();
        var never = new TaskCompletionSource<int>();
        var received = new List<int>();
        int FailAfterFirstIsTaken(int n) =>
            n < 8 || !entered.Wait(Waiting.Generous) ? n : throw new InvalidOperationException("no");

        var elements = Source.From(Enumerable.Range(1, 8)).Select(FailAfterFirstIsTaken)
            .Async()
            .SelectAsync(1, n =>
            {
                received.Add(n);
                entered.Set();
                return never.Task;
            })
            .RunWith(Sink.Seq<int>(), _materializer);

        Assert.Equal("no", (await Assert.ThrowsAsync<InvalidOperationException>(() => elements.Soon())).Message);
        Assert.Equal([1], received);
    }

    [Fact]
    public async Task S11_Cancellation_should_cross_a_boundary()
    {
        var (end, first) = Source.Repeat(1).WatchTermination((_, task) => task).Async()
            .ToMaterialized(Sink.First<int>(), Keep.Both).Run(_materializer);

        Assert.Equal(1, await first.Soon());
        await end.Soon();
    }

    [Fact]
    public async Task S15_Both_sides_of_a_boundary_should_run_at_the_same_time()
    {
        // The first element is not let through behind the boundary before the second one has come before it.
        var secondCame = new ManualResetEventSlim();
        var wasSeen = false;

        await Source.From([1, 2])
            .Select(n =>
            {
                if (n == 2) secondCame.Set();
                return n;
            })
            .Async()
            .RunForeach(n => wasSeen |= n == 1 && secondCame.Wait(Waiting.Generous), _materializer).Soon();

        Assert.True(wasSeen);
    }

    [Fact]
    public async Task S15_Stages_between_two_boundaries_should_never_run_at_the_same_time()
    {
        var inside = 0;
        var most = 0;
        int Step(int n)
        {
            most = Math.Max(most, Interlocked.Increment(ref inside));
            Interlocked.Decrement(ref inside);
            return n;
        }

        var flow = Flow.Create<int>().Select(Step)
            .SelectAsyncUnordered(4, async n =>
            {
                await Task.Yield();
                return n;
            })
            .Select(Step)
            .Async();
        await Source.From(Enumerable.Range(0, 5_000)).Async().Via(flow).RunWith(Sink.Ignore<int>(), _materializer).Soon();

        Assert.Equal(1, most);
    }

    [Fact]
    public async Task A_boundary_should_pass_elements_on_without_waiting_for_more()
    {
        var received = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
        var goOn = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);

        var end = Source.From([1, 2]).SelectAsync(1, n => n == 1 ? Task.FromResult(1) : goOn.Task).Async()
            .RunForeach(n => received.TrySetResult(n), _materializer);

        Assert.Equal(1, await received.Task.Soon());
        goOn.SetResult(2);
        await end.Soon();
    }
}
