using System.Threading.Channels;
using Akka.Streams.Implementation;

namespace Akka.Streams.Dsl;

/// <summary>Makes sinks of channels.</summary>
public static class ChannelSink
{
    /// <summary>
    /// Hands out the reader of a bounded channel that gets all elements and ends as the stream does. A full channel holds
    /// the stream back.
    /// </summary>
    /// <param name="bufferSize">How many elements the channel holds.</param>
    /// <param name="singleReader">Only one reader reads at a time.</param>
    /// <param name="fullMode">Has no effect, as in Akka.NET 1.5: no element is ever dropped.</param>
    public static Sink<T, ChannelReader<T>> AsReader<T>(
        int bufferSize, bool singleReader = false, BoundedChannelFullMode fullMode = BoundedChannelFullMode.Wait) =>
        new(Layout.Stage("channelReaderSink", _ =>
        {
            var channel = Channel.CreateBounded<T>(new BoundedChannelOptions(bufferSize)
            {
                SingleWriter = true,
                SingleReader = singleReader,
            });
            return new ChannelSinkLogic<T>(channel.Writer, isOwner: true, channel.Reader);
        }));

    /// <summary>Writes all elements into the channel.</summary>
    /// <param name="writer">Where the elements go.</param>
    /// <param name="isOwner">The channel is completed when the stream ends.</param>
    public static Sink<T, NotUsed> FromWriter<T>(ChannelWriter<T> writer, bool isOwner)
    {
        ArgumentNullException.ThrowIfNull(writer);
        return new Sink<T, NotUsed>(
            Layout.Stage("channelWriterSink", _ => new ChannelSinkLogic<T>(writer, isOwner, NotUsed.Instance)));
    }
}
