using System.Threading.Channels;
using Akka.Streams;
using Akka.Streams.Dsl;
using Xunit;

namespace Plexum.ActorKernel.Tests.Streams;

public sealed class ChannelSourceSpecs(StreamSystem streams) : IClassFixture<StreamSystem>
{
    private readonly ActorMaterializer _materializer = streams.Materializer;

    [Fact]
    public async Task A_channel_should_be_read_to_its_end()
    {
        var channel = Channel.CreateUnbounded<int>();
        var elements = ChannelSource.FromReader(channel.Reader).RunWith(Sink.Seq<int>(), _materializer);

        for (var n = 0; n < 1_000; n++)
        {
            channel.Writer.TryWrite(n);
            if (n % 100 == 0) await Task.Yield();
        }

        channel.Writer.Complete();

        Assert.Equal(Enumerable.Range(0, 1_000), await elements.Soon());
    }

    [Fact]
    public async Task A_channel_that_is_already_complete_should_be_an_empty_source()
    {
        var channel = Channel.CreateUnbounded<int>();
        channel.Writer.Complete();

        Assert.Empty(await ChannelSource.FromReader(channel.Reader).RunWith(Sink.Seq<int>(), _materializer).Soon());
    }

    [Fact]
    public async Task S22_A_stream_should_fail_as_the_channel_that_it_reads()
    {
        var channel = Channel.CreateUnbounded<int>();
        var elements = ChannelSource.FromReader(channel.Reader).RunWith(Sink.Seq<int>(), _materializer);

        channel.Writer.Complete(new InvalidOperationException("no"));

        var error = await Assert.ThrowsAsync<AggregateException>(() => elements.Soon());
        Assert.Equal("no", error.GetBaseException().Message);
    }

    [Fact]
    public async Task S22_A_bounded_channel_should_stay_full_while_the_stream_is_held_back()
    {
        var channel = Channel.CreateBounded<int>(4);
        var first = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var goOn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var end = ChannelSource.FromReader(channel.Reader).RunWith(
            Sink.ForEachAsync<int>(1, async _ =>
            {
                first.TrySetResult();
                await goOn.Task;
            }),
            _materializer);

        await channel.Writer.WriteAsync(0);
        await first.Task.Soon();
        var written = 0;
        while (channel.Writer.TryWrite(written)) written++;

        Assert.Equal(4, written);
        goOn.SetResult();
        channel.Writer.Complete();
        await end.Soon();
    }

    [Fact]
    public void A_missing_channel_should_be_refused()
    {
        Assert.Throws<ArgumentNullException>(() => ChannelSource.FromReader<int>(null!));
        Assert.Throws<ArgumentNullException>(() => ChannelSink.FromWriter<int>(null!, isOwner: true));
    }
}
