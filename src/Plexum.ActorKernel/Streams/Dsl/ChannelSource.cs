using System.Threading.Channels;
using Akka.Streams.Implementation;

namespace Akka.Streams.Dsl;

/// <summary>Makes sources of channels.</summary>
public static class ChannelSource
{
    /// <summary>
    /// What is read from the channel. The source completes when the channel has, and fails with the channel's error in an
    /// <see cref="AggregateException"/>. It reads an element only when downstream wants one.
    /// </summary>
    public static Source<T, NotUsed> FromReader<T>(ChannelReader<T> reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        return new Source<T, NotUsed>(Layout.Stage("channelSource", _ => new ChannelSourceLogic<T>(reader)));
    }
}
