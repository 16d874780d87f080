using Akka;
using Akka.Streams;
using Akka.Streams.Dsl;
using Xunit;

namespace Plexum.ActorKernel.Tests.Streams;

public sealed class WatchTerminationSpecs(StreamSystem streams) : IClassFixture<StreamSystem>
{
    private readonly ActorMaterializer _materializer = streams.Materializer;

    [Fact]
    public async Task S17_A_watch_should_be_done_when_the_stream_completes()
    {
        var (watch, elements) = Run(Source.From([1, 2]));

        Assert.Same(Done.Instance, await watch.Soon());
        Assert.Equal([1, 2], await elements.Soon());
    }

    [Fact]
    public async Task S17_A_watch_should_fail_as_the_stream_fails()
    {
        var cause = new InvalidOperationException("no");

        var (watch, elements) = Run(Source.Failed<int>(cause));

        Assert.Same(cause, await Assert.ThrowsAsync<InvalidOperationException>(() => watch.Soon()));
        Assert.Same(cause, await Assert.ThrowsAsync<InvalidOperationException>(() => elements.Soon()));
    }

    [Fact]
    public async Task S17_A_watch_should_be_done_when_downstream_cancels()
    {
        var (watch, first) = Source.Repeat(1).WatchTermination((_, task) => task).ToMaterialized(Sink.First<int>(), Keep.Both).Run(_materializer);

        Assert.Same(Done.Instance, await watch.Soon());
        Assert.Equal(1, await first.Soon());
    }

    [Fact]
    public async Task S17_A_watch_should_fail_when_downstream_cancels_because_of_an_error()
    {
        var watch = Source.Repeat(1).WatchTermination((_, task) => task)
            .Select(int (_) => throw new InvalidOperationException("no"))
            .To(Sink.Ignore<int>()).Run(_materializer);

        Assert.Equal("no", (await Assert.ThrowsAsync<InvalidOperationException>(() => watch.Soon())).Message);
    }

    [Fact]
    public async Task S17_A_flow_should_be_watched_as_a_source_is()
    {
        var watched = Flow.Create<int>().WatchTermination((_, task) => task);

        var (watch, elements) = Source.From([1]).ViaMaterialized(watched, Keep.Right).ToMaterialized(Sink.Seq<int>(), Keep.Both).Run(_materializer);

        await watch.Soon();
        Assert.Equal([1], await elements.Soon());
    }

    private (Task<Done> Watch, Task<System.Collections.Immutable.IImmutableList<int>> Elements) Run(Source<int, NotUsed> source) =>
        source.WatchTermination((_, task) => task).ToMaterialized(Sink.Seq<int>(), Keep.Both).Run(_materializer);
}
