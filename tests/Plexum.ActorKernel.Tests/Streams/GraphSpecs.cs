using Akka;
using Akka.Streams;
using Akka.Streams.Dsl;
using Xunit;

namespace Plexum.ActorKernel.Tests.Streams;

public sealed class GraphSpecs(StreamSystem streams) : IClassFixture<StreamSystem>
{
    private readonly ActorMaterializer _materializer = streams.Materializer;

    [Fact]
    public async Task S1_A_graph_should_run_nothing_by_itself_and_each_run_should_be_independent()
    {
        var calls = 0;
        var graph = Source.From([1, 2]).Select(n => n + Interlocked.Increment(ref calls) * 0).ToMaterialized(Sink.Seq<int>(), Keep.Right);
        Assert.Equal(0, calls);

        var first = graph.Run(_materializer);
        var second = graph.Run(_materializer);

        Assert.NotSame(first, second);
        Assert.Equal([1, 2], await first.Soon());
        Assert.Equal([1, 2], await second.Soon());
        Assert.Equal(4, calls);
    }

    [Fact]
    public async Task S2_Run_should_return_without_waiting_for_any_element()
    {
        var goOn = new ManualResetEventSlim();

        var elements = Source.From([1]).Select(n =>
        {
            goOn.Wait(Waiting.Generous);
            return n;
        }).RunWith(Sink.Seq<int>(), _materializer);

        Assert.False(elements.IsCompleted);
        goOn.Set();
        Assert.Equal([1], await elements.Soon());
    }

    [Fact]
    public async Task Keep_should_choose_among_the_values_of_both_sides()
    {
        var source = Source.From([1]).MapMaterializedValue(_ => "source");
        var sink = Sink.Seq<int>().MapMaterializedValue(_ => "sink");

        Assert.Equal("source", source.To(sink).Run(_materializer));
        Assert.Equal("source", source.ToMaterialized(sink, Keep.Left).Run(_materializer));
        Assert.Equal("sink", source.ToMaterialized(sink, Keep.Right).Run(_materializer));
        Assert.Equal(("source", "sink"), source.ToMaterialized(sink, Keep.Both).Run(_materializer));
        Assert.Equal(NotUsed.Instance, source.ToMaterialized(sink, Keep.None).Run(_materializer));
        Assert.Equal("sink", source.RunWith(sink, _materializer));
        Assert.Equal("source", sink.RunWith(source, _materializer));
        Assert.Equal(11, source.ToMaterialized(sink, (left, right) => left.Length + right.Length + 1).Run(_materializer));
        await Task.CompletedTask;
    }

    [Fact]
    public void Values_should_be_combined_along_a_chain_in_order()
    {
        var flow = Flow.Create<int>().Select(n => n).MapMaterializedValue(_ => "b");
        var graph = Source.Single(1).MapMaterializedValue(_ => "a")
            .ViaMaterialized(flow, (a, b) => a + b)
            .Via(flow)
            .ViaMaterialized(flow.ViaMaterialized(flow, (left, right) => left + right), (ab, bb) => ab + "," + bb)
            .ToMaterialized(Sink.Ignore<int>().MapMaterializedValue(_ => "c"), (left, right) => left + ";" + right)
            .MapMaterializedValue(text => $"<{text}>");

        Assert.Equal("<ab,bb;c>", graph.Run(_materializer));
    }

    [Fact]
    public async Task A_flow_should_run_between_a_source_and_a_sink()
    {
        var (left, right) = Flow.Create<int>().Select(n => n * 2).RunWith(Source.From([1, 2]), Sink.Seq<int>(), _materializer);

        Assert.Equal(NotUsed.Instance, left);
        Assert.Equal([2, 4], await right.Soon());
    }

    [Fact]
    public async Task A_system_should_run_graphs_with_its_own_materializer()
    {
        Assert.Equal([1], await Source.Single(1).RunWith(Sink.Seq<int>(), streams.System).Soon());
        Assert.Equal([1], await Source.Single(1).ToMaterialized(Sink.Seq<int>(), Keep.Right).Run(streams.System).Soon());
        Assert.Equal(3, await Source.From([1, 2]).RunAggregate(0, (sum, n) => sum + n, streams.System).Soon());
        Assert.Same(_materializer, streams.System.Materializer());
    }

    [Fact]
    public async Task Names_and_attributes_should_leave_a_graph_what_it_is()
    {
        var sink = Sink.Seq<int>().Named("sink").AddAttributes(Attributes.None);
        var flow = Flow.Create<int>().Select(n => n * 2).Named("flow").AddAttributes(Attributes.CreateName("more"));
        var graph = Source.From([1, 2]).Named("source").AddAttributes(Attributes.None).Via(flow)
            .ToMaterialized(sink, Keep.Right).Named("graph").AddAttributes(Attributes.CreateInputBuffer(1, 1));

        Assert.Equal([2, 4], await graph.Run(_materializer).Soon());
    }

    [Fact]
    public void The_most_specific_attribute_should_count()
    {
        var attributes = Attributes.CreateInputBuffer(1, 2).And(Attributes.CreateName("x")).And(new Attributes.InputBuffer(3, 4));

        Assert.Equal(4, attributes.GetAttribute<Attributes.InputBuffer>()!.Max);
        Assert.Equal(8, Attributes.None.GetAttribute(new Attributes.InputBuffer(8, 8)).Max);
        Assert.Null(Attributes.None.GetAttribute<Attributes.InputBuffer>());
        Assert.True(attributes.Contains(new Attributes.InputBuffer(1, 2)));
    }
}
