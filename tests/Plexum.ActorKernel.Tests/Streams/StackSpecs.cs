using Akka.Streams;
using Akka.Streams.Dsl;
using Xunit;

namespace Plexum.ActorKernel.Tests.Streams;

public sealed class StackSpecs(StreamSystem streams) : IClassFixture<StreamSystem>
{
    private const int Million = 1_000_000;

    private readonly ActorMaterializer _materializer = streams.Materializer;

    [Fact]
    public async Task S8_A_million_elements_should_be_dropped_without_using_up_the_stack()
    {
        Assert.Equal([Million - 1], await Source.From(Enumerable.Range(0, Million)).Where(n => n == Million - 1)
            .RunWith(Sink.Seq<int>(), _materializer).Soon());
    }

    [Fact]
    public async Task S8_A_million_empty_sequences_should_not_use_up_the_stack()
    {
        Assert.Equal([1], await Source.From(Enumerable.Range(0, Million))
            .SelectMany(n => n == Million - 1 ? [1] : (IEnumerable<int>)[])
            .RunWith(Sink.Seq<int>(), _materializer).Soon());
    }

    [Fact]
    public async Task S8_A_long_sequence_of_one_element_should_not_use_up_the_stack()
    {
        Assert.Equal(Million, await Source.Single(0).SelectMany(_ => Enumerable.Range(0, Million))
            .RunAggregate(0, (count, _) => count + 1, _materializer).Soon());
    }

    [Fact]
    public async Task S8_A_million_finished_tasks_should_not_use_up_the_stack()
    {
        Assert.Equal(Million, await Source.From(Enumerable.Range(0, Million)).SelectAsync(4, Task.FromResult)
            .RunAggregate(0, (count, _) => count + 1, _materializer).WaitAsync(TimeSpan.FromMinutes(5)));
    }

    [Fact]
    public async Task S8_A_long_chain_of_stages_should_not_use_up_the_stack()
    {
        var source = Source.From(Enumerable.Range(0, 100));
        for (var i = 0; i < 300; i++) source = source.Select(n => n + 1);

        Assert.Equal(Enumerable.Range(300, 100), await source.RunWith(Sink.Seq<int>(), _materializer).Soon());
    }
}
