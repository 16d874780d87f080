using Akka.Streams;
using Akka.Streams.Dsl;
using Akka.Util;
using Xunit;

namespace Plexum.ActorKernel.Tests.Streams;

public sealed class OperatorSpecs(StreamSystem streams) : IClassFixture<StreamSystem>
{
    private readonly ActorMaterializer _materializer = streams.Materializer;

    [Fact]
    public async Task Select_should_make_another_element_of_each()
    {
        Assert.Equal(["1", "2"], await Run(Source.From([1, 2]).Select(n => $"{n}")));
        Assert.Equal(["1", "2"], await Run(Source.From([1, 2]).Via(Flow.Create<int>().Select(n => $"{n}"))));
    }

    [Fact]
    public async Task Where_should_pass_on_what_the_predicate_holds_for()
    {
        Assert.Equal([2, 4], await Run(Source.From(Enumerable.Range(1, 5)).Where(n => n % 2 == 0)));
        Assert.Equal([2, 4], await Run(Source.From(Enumerable.Range(1, 5)).Via(Flow.Create<int>().Where(n => n % 2 == 0))));
    }

    [Fact]
    public async Task SelectMany_should_make_any_number_of_elements_of_each()
    {
        Assert.Equal([1, 2, 2, 3, 3, 3], await Run(Source.From([0, 1, 2, 3, 0]).SelectMany(n => Enumerable.Repeat(n, n))));
        Assert.Equal([1, 2, 2], await Run(Source.From([1, 0, 2]).Via(Flow.Create<int>().SelectMany(n => Enumerable.Repeat(n, n)))));
    }

    [Fact]
    public async Task StatefulSelectMany_should_remember_within_one_run_only()
    {
        static Func<int, IEnumerable<int>> Sums()
        {
            var sum = 0;
            return n => [sum += n];
        }

        var sums = Source.From([1, 2, 3]).StatefulSelectMany(Sums);

        Assert.Equal([1, 3, 6], await Run(sums));
        Assert.Equal([1, 3, 6], await Run(sums));
        Assert.Equal([1, 3, 6], await Run(Source.From([1, 2, 3]).Via(Flow.Create<int>().StatefulSelectMany(Sums))));
    }

    [Fact]
    public async Task Take_should_complete_with_its_last_element()
    {
        Assert.Equal([1, 2, 3], await Run(Source.From(Naturals()).Take(3)));
        Assert.Equal([1, 2], await Run(Source.From(Naturals()).Via(Flow.Create<int>().Take(2))));
        Assert.Equal([1, 2], await Run(Source.From([1, 2]).Take(3)));
        Assert.Empty(await Run(Source.From(Naturals()).Take(0)));
    }

    [Fact]
    public async Task Take_should_complete_although_downstream_asks_for_no_more()
    {
        var never = new TaskCompletionSource<int>();

        var end = Source.Repeat(1).Take(1).WatchTermination((_, task) => task)
            .SelectAsync(1, _ => never.Task).To(Sink.Ignore<int>()).Run(_materializer);

        await end.Soon();
    }

    [Fact]
    public async Task TakeWhile_should_complete_where_the_predicate_ends()
    {
        Assert.Equal([1, 2], await Run(Source.From(Naturals()).TakeWhile(n => n < 3)));
        Assert.Equal([1, 2, 3], await Run(Source.From(Naturals()).TakeWhile(n => n < 3, inclusive: true)));
        Assert.Equal([1, 2], await Run(Source.From(Naturals()).Via(Flow.Create<int>().TakeWhile(n => n < 3))));
    }

    [Fact]
    public async Task Grouped_should_gather_and_pass_on_a_smaller_last_group()
    {
        Assert.Equal([[1, 2], [3, 4], [5]], await Run(Source.From(Enumerable.Range(1, 5)).Grouped(2)));
        Assert.Equal([[1, 2], [3, 4]], await Run(Source.From(Enumerable.Range(1, 4)).Via(Flow.Create<int>().Grouped(2))));
        Assert.Empty(await Run(Source.Empty<int>().Grouped(2)));
    }

    [Fact]
    public void Grouped_should_refuse_groups_without_elements()
    {
        Assert.Throws<ArgumentException>(() => Source.Empty<int>().Grouped(0));
    }

    [Fact]
    public async Task Aggregate_should_fold_all_into_one()
    {
        Assert.Equal([15], await Run(Source.From(Enumerable.Range(1, 5)).Aggregate(0, (sum, n) => sum + n)));
        Assert.Equal([15], await Run(Source.From(Enumerable.Range(1, 5)).Via(Flow.Create<int>().Aggregate(0, (sum, n) => sum + n))));
        Assert.Equal([0], await Run(Source.Empty<int>().Aggregate(0, (sum, n) => sum + n)));
    }

    [Fact]
    public async Task Recover_should_complete_with_one_more_element_instead_of_failing()
    {
        var broken = Source.From([1, 2, 3]).Select(n => n < 3 ? n : throw new InvalidOperationException("three"));

        Assert.Equal([1, 2, -1], await Run(broken.Recover(_ => Option<int>.Create(-1))));
        Assert.Equal([1, 2, -1], await Run(broken.Via(Flow.Create<int>().Recover(_ => Option<int>.Create(-1)))));
    }

    [Fact]
    public async Task Recover_should_leave_a_failure_for_which_it_has_nothing()
    {
        var cause = new InvalidOperationException("no");

        var elements = Run(Source.Failed<int>(cause).Recover(_ => Option<int>.None));

        Assert.Same(cause, await Assert.ThrowsAsync<InvalidOperationException>(() => elements));
    }

    [Fact]
    public async Task Buffer_should_pass_on_everything_under_backpressure()
    {
        Assert.Equal(Enumerable.Range(0, 100), await Run(Source.From(Enumerable.Range(0, 100)).Buffer(3, OverflowStrategy.Backpressure)));
        Assert.Equal(
            Enumerable.Range(0, 100),
            await Run(Source.From(Enumerable.Range(0, 100)).Via(Flow.Create<int>().Buffer(100, OverflowStrategy.Backpressure))));
    }

    [Theory]
    [InlineData(OverflowStrategy.DropHead, new[] { 0, 8, 9 })]
    [InlineData(OverflowStrategy.DropTail, new[] { 0, 1, 9 })]
    [InlineData(OverflowStrategy.DropNew, new[] { 0, 1, 2 })]
    [InlineData(OverflowStrategy.DropBuffer, new[] { 0, 9 })]
    public async Task A_full_buffer_should_drop_what_its_strategy_says(OverflowStrategy strategy, int[] expected)
    {
        // The buffer has room for two; the sink holds the first element until all ten have been given.
        var given = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        IEnumerable<int> Ten()
        {
            for (var i = 0; i < 10; i++) yield return i;
            given.SetResult();
        }

        var elements = await Run(Source.From(Ten())
            .Buffer(2, strategy)
            .SelectAsync(1, async n =>
            {
                await given.Task;
                return n;
            }));

        Assert.Equal(expected[0], elements[0]);
        Assert.Equal(expected.Length, elements.Count);
        Assert.Equal(expected, elements);
    }

    [Fact]
    public async Task A_full_buffer_should_fail_the_stream_when_its_strategy_says_so()
    {
        var never = new TaskCompletionSource<int>();

        var elements = Run(Source.From(Naturals()).Buffer(2, OverflowStrategy.Fail).SelectAsync(1, _ => never.Task));

        await Assert.ThrowsAsync<BufferOverflowException>(() => elements);
    }

    [Fact]
    public async Task FromFunction_should_make_a_flow_of_a_function()
    {
        Assert.Equal([2, 4], await Run(Source.From([1, 2]).Via(Flow.FromFunction((int n) => n * 2))));
    }

    [Fact]
    public async Task An_identity_should_pass_everything_on()
    {
        Assert.Equal([1, 2], await Run(Source.From([1, 2]).Via(Flow.Create<int>()).Via(Flow.Identity<int>())));
    }

    [Fact]
    public async Task A_null_should_be_no_element()
    {
        var elements = Run(Source.From([1]).Select(_ => (string)null!));

        await Assert.ThrowsAsync<ArgumentNullException>(() => elements);
    }

    private static IEnumerable<int> Naturals()
    {
        for (var n = 1; ; n++) yield return n;
    }

    private async Task<IReadOnlyList<T>> Run<T, TMat>(Source<T, TMat> source) =>
        await source.RunWith(Sink.Seq<T>(), _materializer).Soon();
}
