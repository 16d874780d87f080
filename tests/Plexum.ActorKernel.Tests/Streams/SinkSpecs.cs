using System.Collections.Concurrent;
using System.Threading.Channels;
using Akka;
using Akka.Streams;
using Akka.Streams.Dsl;
using Xunit;

namespace Plexum.ActorKernel.Tests.Streams;

public sealed class SinkSpecs(StreamSystem streams) : IClassFixture<StreamSystem>
{
    private readonly ActorMaterializer _materializer = streams.Materializer;

    [Fact]
    public async Task ForEach_should_call_its_action_for_each_element_and_then_be_done()
    {
        var received = new List<int>();

        Assert.Same(Done.Instance, await Source.From([1, 2, 3]).RunWith(Sink.ForEach<int>(received.Add), _materializer).Soon());
        Assert.Equal([1, 2, 3], received);
    }

    [Fact]
    public async Task ForEach_should_fail_with_what_its_action_throws()
    {
        var end = Source.From([1]).RunForeach(_ => throw new InvalidOperationException("no"), _materializer);

        Assert.Equal("no", (await Assert.ThrowsAsync<InvalidOperationException>(() => end.Soon())).Message);
    }

    [Fact]
    public async Task ForEachAsync_should_be_done_when_the_last_task_is()
    {
        var received = new ConcurrentBag<int>();

        await Source.From(Enumerable.Range(0, 100)).RunWith(
            Sink.ForEachAsync<int>(3, async n =>
            {
                await Task.Yield();
                received.Add(n);
            }),
            _materializer).Soon();

        Assert.Equal(Enumerable.Range(0, 100), received.Order());
    }

    [Fact]
    public async Task ForEachAsync_should_fail_with_the_failure_of_a_task()
    {
        var end = Source.From([1]).RunWith(
            Sink.ForEachAsync<int>(1, _ => Task.FromException(new InvalidOperationException("no"))), _materializer);

        var error = await Assert.ThrowsAsync<AggregateException>(() => end.Soon());
        Assert.Equal("no", error.GetBaseException().Message);
    }

    [Fact]
    public async Task Ignore_should_take_all_and_be_done()
    {
        Assert.Same(Done.Instance, await Source.From([1, 2, 3]).RunWith(Sink.Ignore<int>(), _materializer).Soon());
    }

    [Fact]
    public async Task Seq_should_fail_as_the_stream_fails()
    {
        var cause = new InvalidOperationException("no");

        var elements = Source.Failed<int>(cause).RunWith(Sink.Seq<int>(), _materializer);

        Assert.Same(cause, await Assert.ThrowsAsync<InvalidOperationException>(() => elements.Soon()));
    }

    [Fact]
    public async Task First_should_be_the_first_element()
    {
        Assert.Equal(1, await Source.From([1, 2, 3]).RunWith(Sink.First<int>(), _materializer).Soon());
    }

    [Fact]
    public async Task S12_First_of_an_empty_stream_should_fail_for_want_of_an_element()
    {
        var first = Source.Empty<int>().RunWith(Sink.First<int>(), _materializer);

        await Assert.ThrowsAsync<NoSuchElementException>(() => first.Soon());
    }

    [Fact]
    public async Task Aggregate_should_fold_all_into_one_value()
    {
        Assert.Equal("123", await Source.From([1, 2, 3]).RunWith(Sink.Aggregate<int, string>("", (all, n) => $"{all}{n}"), _materializer).Soon());
        Assert.Equal("123", await Source.From([1, 2, 3]).RunAggregate("", (all, n) => $"{all}{n}", _materializer).Soon());
    }

    [Fact]
    public async Task A_flow_before_a_sink_should_be_a_sink()
    {
        var sink = Flow.Create<int>().Select(n => n * 2).ToMaterialized(Sink.Seq<int>(), Keep.Right);

        Assert.Equal([2, 4], await Source.From([1, 2]).RunWith(sink, _materializer).Soon());
    }

    [Fact]
    public async Task ContraMap_should_make_a_sink_for_other_elements()
    {
        var sink = Sink.Seq<int>().ContraMap((string text) => text.Length);

        Assert.Equal([1, 2], await Source.From(["a", "bb"]).RunWith(sink, _materializer).Soon());
    }

    [Fact]
    public async Task A_channel_sink_should_hand_out_a_reader_that_gets_everything_and_ends()
    {
        var reader = Source.From(Enumerable.Range(0, 100)).RunWith(ChannelSink.AsReader<int>(128), _materializer);

        Assert.Equal(Enumerable.Range(0, 100), await Drain(reader).Soon());
    }

    [Fact]
    public async Task S22_A_channel_should_fail_as_the_stream_that_writes_it()
    {
        var reader = Source.Failed<int>(new InvalidOperationException("no")).RunWith(ChannelSink.AsReader<int>(4), _materializer);

        var error = await Assert.ThrowsAnyAsync<Exception>(() => Drain(reader).Soon());
        Assert.Equal("no", error.GetBaseException().Message);
    }

    [Fact]
    public async Task A_channel_of_somebody_else_should_stay_open_when_the_stream_ends()
    {
        var channel = Channel.CreateUnbounded<int>();

        await Source.From([1, 2]).WatchTermination((_, end) => end)
            .To(ChannelSink.FromWriter(channel.Writer, isOwner: false)).Run(_materializer).Soon();

        Assert.Equal(1, await channel.Reader.ReadAsync().AsTask().Soon());
        Assert.Equal(2, await channel.Reader.ReadAsync().AsTask().Soon());
        Assert.True(channel.Writer.TryWrite(3));
    }

    private static async Task<List<T>> Drain<T>(ChannelReader<T> reader)
    {
        var elements = new List<T>();
        await foreach (var element in reader.ReadAllAsync()) elements.Add(element);
        return elements;
    }
}
