using System.Collections.Concurrent;
using Akka.Streams;
using Akka.Streams.Dsl;
using Akka.Streams.Supervision;
using Xunit;

namespace Plexum.ActorKernel.Tests.Streams;

public sealed class SelectAsyncSpecs(StreamSystem streams) : IClassFixture<StreamSystem>
{
    private readonly ActorMaterializer _materializer = streams.Materializer;

    [Fact]
    public async Task Results_should_come_in_the_order_of_their_elements()
    {
        var tasks = new Steps<int>(4);

        var elements = Run(Source.From(Enumerable.Range(0, 4)).SelectAsync(4, n => tasks[n].Task));
        foreach (var n in (int[])[3, 1, 0, 2]) tasks[n].SetResult(n * 10);

        Assert.Equal([0, 10, 20, 30], await elements);
    }

    [Fact]
    public async Task Unordered_results_should_come_as_their_tasks_end()
    {
        var tasks = new Steps<int>(4);
        var received = new BlockingCollection<int>();

        var end = Source.From(Enumerable.Range(0, 4)).SelectAsyncUnordered(4, n => tasks[n].Task)
            .RunForeach(received.Add, _materializer);
        var order = new List<int>();
        foreach (var n in (int[])[3, 1, 0, 2])
        {
            tasks[n].SetResult(n);
            order.Add(await Task.Run(received.Take).Soon());
        }

        await end.Soon();
        Assert.Equal([3, 1, 0, 2], order);
    }

    [Fact]
    public async Task A_flow_should_map_asynchronously_as_a_source_does()
    {
        var ordered = Flow.Create<int>().SelectAsync(2, n => Task.FromResult(n * 2));
        var unordered = Flow.Create<int>().SelectAsyncUnordered(2, n => Task.FromResult(n * 2));

        Assert.Equal([2, 4, 6], await Run(Source.From([1, 2, 3]).Via(ordered)));
        Assert.Equal([2, 4, 6], await Run(Source.From([1, 2, 3]).Via(unordered)));
    }

    [Theory]
    [InlineData(true, 1)]
    [InlineData(true, 4)]
    [InlineData(false, 1)]
    [InlineData(false, 4)]
    public async Task No_more_tasks_should_be_unfinished_than_allowed(bool isOrdered, int parallelism)
    {
        var running = 0;
        var most = 0;
        var gate = new Lock();
        async Task<int> Work(int n)
        {
            lock (gate) most = Math.Max(most, ++running);
            await Task.Yield();
            lock (gate) running--;
            return n;
        }

        var source = Source.From(Enumerable.Range(0, 2_000));
        var elements = await Run(isOrdered ? source.SelectAsync(parallelism, Work) : source.SelectAsyncUnordered(parallelism, Work));

        Assert.Equal(Enumerable.Range(0, 2_000), elements.Order());
        Assert.InRange(most, 1, parallelism);
    }

    [Fact]
    public async Task A_task_that_fails_should_fail_the_stream_even_before_its_turn()
    {
        var never = new TaskCompletionSource<int>();

        var elements = Run(Source.From([1, 2]).SelectAsync(
            2, n => n == 1 ? never.Task : Task.FromException<int>(new InvalidOperationException("two"))));

        var error = await Assert.ThrowsAsync<AggregateException>(() => elements);
        Assert.Equal("two", error.GetBaseException().Message);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_failed_task_should_cost_its_element_only_when_the_decider_resumes(bool isOrdered)
    {
        static async Task<int> Work(int n)
        {
            await Task.Yield();
            return n % 3 == 0 ? throw new InvalidOperationException("three") : n;
        }

        var source = Source.From(Enumerable.Range(1, 9));
        var elements = await Run((isOrdered ? source.SelectAsync(3, Work) : source.SelectAsyncUnordered(3, Work))
            .WithAttributes(ActorAttributes.CreateSupervisionStrategy(Deciders.ResumingDecider)));

        Assert.Equal([1, 2, 4, 5, 7, 8], elements.Order());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_function_that_throws_should_be_judged_as_a_failed_task(bool isOrdered)
    {
        static Task<int> Work(int n) => n == 2 ? throw new InvalidOperationException("two") : Task.FromResult(n);

        var source = Source.From([1, 2, 3]);
        var mapped = isOrdered ? source.SelectAsync(1, Work) : source.SelectAsyncUnordered(1, Work);

        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => Run(mapped));
        Assert.Equal("two", error.Message);
        Assert.Equal(
            [1, 3], await Run(mapped.WithAttributes(ActorAttributes.CreateSupervisionStrategy(Deciders.ResumingDecider))));
    }

    [Fact]
    public async Task Tasks_that_end_after_the_stream_should_disturb_nobody()
    {
        var late = new TaskCompletionSource<int>();

        var first = await Source.From([1, 2]).SelectAsyncUnordered(2, n => n == 1 ? late.Task : Task.FromResult(n))
            .RunWith(Sink.First<int>(), _materializer).Soon();
        late.SetResult(1);

        Assert.Equal(2, first);
    }

    private async Task<IReadOnlyList<T>> Run<T, TMat>(Source<T, TMat> source) =>
        await source.RunWith(Sink.Seq<T>(), _materializer).Soon();

    private sealed class Steps<T>(int count)
    {
        private readonly TaskCompletionSource<T>[] _steps = [.. Enumerable.Range(0, count)
            .Select(_ => new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously))];

        public TaskCompletionSource<T> this[int n] => _steps[n];
    }
}
