using System.Runtime.CompilerServices;
using Akka;
using Akka.Streams;
using Akka.Streams.Dsl;
using Akka.Util;
using Xunit;

namespace Plexum.ActorKernel.Tests.Streams;

public sealed class SourceSpecs(StreamSystem streams) : IClassFixture<StreamSystem>
{
    private readonly ActorMaterializer _materializer = streams.Materializer;

    [Fact]
    public async Task A_source_of_an_enumerable_should_give_its_elements_in_order()
    {
        var elements = await Source.From(Enumerable.Range(1, 100)).RunWith(Sink.Seq<int>(), _materializer).Soon();

        Assert.Equal(Enumerable.Range(1, 100), elements);
    }

    [Fact]
    public async Task A_source_of_an_enumerable_should_walk_it_anew_in_each_run()
    {
        var walks = 0;
        IEnumerable<int> Walk()
        {
            walks++;
            yield return walks;
        }

        var source = Source.From(Walk());

        Assert.Equal([1], await source.RunWith(Sink.Seq<int>(), _materializer).Soon());
        Assert.Equal([2], await source.RunWith(Sink.Seq<int>(), _materializer).Soon());
    }

    [Fact]
    public async Task A_source_should_fail_with_what_its_enumerable_throws()
    {
        static IEnumerable<int> Break()
        {
            yield return 1;
            throw new InvalidOperationException("broken");
        }

        var received = new List<int>();
        var end = Source.From(Break()).RunForeach(received.Add, _materializer);

        var error = await Assert.ThrowsAnyAsync<Exception>(() => end.Soon());
        Assert.Equal("broken", Innermost(error).Message);
        Assert.Equal([1], received);
    }

    [Fact]
    public async Task A_source_of_an_asynchronous_enumerable_should_give_its_elements()
    {
        static async IAsyncEnumerable<int> Count()
        {
            for (var i = 0; i < 100; i++)
            {
                if (i % 3 == 0) await Task.Yield();
                yield return i;
            }
        }

        var elements = await Source.From(Count).RunWith(Sink.Seq<int>(), _materializer).Soon();

        Assert.Equal(Enumerable.Range(0, 100), elements);
    }

    [Fact]
    public async Task A_source_should_fail_with_what_its_asynchronous_enumerable_throws()
    {
        static async IAsyncEnumerable<int> Break()
        {
            yield return 1;
            await Task.Yield();
            throw new InvalidOperationException("broken");
        }

        var elements = Source.From(Break).RunWith(Sink.Seq<int>(), _materializer);

        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => elements.Soon());
        Assert.Equal("broken", error.Message);
    }

    [Fact]
    public async Task An_asynchronous_enumerable_should_be_cancelled_and_disposed_when_downstream_wants_no_more()
    {
        var disposed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        async IAsyncEnumerable<int> Wait([EnumeratorCancellation] CancellationToken cancelled = default)
        {
            try
            {
                yield return 1;
                await Task.Delay(Timeout.Infinite, cancelled);
            }
            finally
            {
                disposed.SetResult();
            }
        }

        var first = await Source.From(() => Wait()).RunWith(Sink.First<int>(), _materializer).Soon();

        Assert.Equal(1, first);
        await disposed.Task.Soon();
    }

    [Fact]
    public async Task Single_should_give_one_element()
    {
        Assert.Equal([7], await Source.Single(7).RunWith(Sink.Seq<int>(), _materializer).Soon());
    }

    [Fact]
    public async Task Empty_should_complete_at_once()
    {
        Assert.Empty(await Source.Empty<int>().RunWith(Sink.Seq<int>(), _materializer).Soon());
    }

    [Fact]
    public async Task Failed_should_fail_with_its_cause()
    {
        var cause = new InvalidOperationException("no");

        var elements = Source.Failed<int>(cause).RunWith(Sink.Seq<int>(), _materializer);

        Assert.Same(cause, await Assert.ThrowsAsync<InvalidOperationException>(() => elements.Soon()));
    }

    [Fact]
    public async Task Never_should_give_nothing_until_it_is_ended_from_outside()
    {
        var (killSwitch, elements) = Source.Never<int>()
            .ViaMaterialized(KillSwitches.Single<int>(), Keep.Right)
            .ToMaterialized(Sink.Seq<int>(), Keep.Both)
            .Run(_materializer);

        Assert.False(elements.IsCompleted);
        killSwitch.Shutdown();
        Assert.Empty(await elements.Soon());
    }

    [Fact]
    public async Task Repeat_should_give_its_element_as_often_as_it_is_asked()
    {
        Assert.Equal(["a", "a", "a"], await Source.Repeat("a").Take(3).RunWith(Sink.Seq<string>(), _materializer).Soon());
    }

    [Fact]
    public async Task Unfold_should_make_elements_of_its_state_until_there_is_none()
    {
        var source = Source.Unfold(1, n => n > 100 ? Option<(int, int)>.None : (n * 2, n));

        Assert.Equal([1, 2, 4, 8, 16, 32, 64], await source.RunWith(Sink.Seq<int>(), _materializer).Soon());
    }

    [Fact]
    public async Task UnfoldAsync_should_make_elements_of_its_state_until_there_is_none()
    {
        var source = Source.UnfoldAsync(1, async n =>
        {
            await Task.Yield();
            return n > 100 ? Option<(int, int)>.None : (n * 2, n);
        });

        Assert.Equal([1, 2, 4, 8, 16, 32, 64], await source.RunWith(Sink.Seq<int>(), _materializer).Soon());
    }

    [Fact]
    public async Task UnfoldAsync_should_fail_with_the_failure_of_its_task()
    {
        var source = Source.UnfoldAsync(1, Task<Option<(int, int)>> (_) => throw new InvalidOperationException("no"));

        var error = await Assert.ThrowsAnyAsync<Exception>(() => source.RunWith(Sink.Seq<int>(), _materializer).Soon());
        Assert.Equal("no", Innermost(error).Message);
    }

    [Fact]
    public void A_source_should_refuse_a_missing_cause()
    {
        Assert.Throws<ArgumentNullException>(() => Source.Failed<int>(null!));
    }

    private static Exception Innermost(Exception error) => error.GetBaseException();
}
