using Akka.Actor;
using Akka.Streams;
using Akka.Streams.Dsl;
using Plexum.ActorKernel.Tests.Streams;
using Xunit;
using Directive = Akka.Streams.Supervision.Directive;

namespace Plexum.ActorKernel.Tests.KernelOnly.Streams;

/// <summary>Where Akka.NET 1.5.30 leaves something behind or undone and this runtime does not.</summary>
public sealed class StreamLeftoverSpecs(StreamSystem streams) : IClassFixture<StreamSystem>
{
    private readonly ActorMaterializer _materializer = streams.Materializer;

    [Fact]
    public async Task An_enumerator_should_be_disposed_when_its_stream_ends_before_it()
    {
        var disposed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        IEnumerable<int> Walk()
        {
            try
            {
                while (true) yield return 1;
            }
            finally
            {
                disposed.SetResult();
            }
        }

        await Source.From(Walk()).RunWith(Sink.First<int>(), _materializer).Soon();
        await disposed.Task.Soon();

        disposed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await Source.Single(1).SelectMany(_ => Walk()).RunWith(Sink.First<int>(), _materializer).Soon();
        await disposed.Task.Soon();
    }

    [Fact]
    public async Task The_task_of_every_sink_should_fail_when_its_run_is_aborted()
    {
        using var system = ActorSystem.Create("aborted", StreamSystem.Quiet);
        var source = Source.Never<int>();
        Task[] tasks =
        [
            source.RunWith(Sink.Ignore<int>(), system),
            source.RunForeach(_ => { }, system),
            source.RunWith(Sink.ForEachAsync<int>(1, _ => Task.CompletedTask), system),
            source.RunWith(Sink.First<int>(), system),
            source.RunAggregate(0, (sum, _) => sum, system),
        ];

        await system.Terminate().Soon();

        foreach (var task in tasks) await Assert.ThrowsAsync<AbruptStageTerminationException>(() => task.Soon());
    }

    [Fact]
    public async Task The_channel_of_a_sink_should_fail_when_its_run_is_aborted()
    {
        using var system = ActorSystem.Create("aborted", StreamSystem.Quiet);
        var reader = Source.Never<int>().RunWith(ChannelSink.AsReader<int>(1), system);

        await system.Terminate().Soon();

        await Assert.ThrowsAsync<AbruptStageTerminationException>(() => reader.Completion.Soon());
    }

    [Fact]
    public async Task The_last_element_should_reach_a_channel_that_was_full_when_the_stream_completed()
    {
        var reader = Source.From(Enumerable.Range(0, 10)).RunWith(ChannelSink.AsReader<int>(1), _materializer);

        var elements = new List<int>();
        await foreach (var element in reader.ReadAllAsync()) elements.Add(element);

        Assert.Equal(Enumerable.Range(0, 10), elements);
    }

    [Fact]
    public async Task A_decider_should_be_asked_once_about_a_failed_task()
    {
        var asked = 0;
        var elements = await Source.From(Enumerable.Range(0, 100))
            .SelectAsync(4, async n =>
            {
                await Task.Yield();
                return n % 2 == 0 ? n : throw new InvalidOperationException("odd");
            })
            .WithAttributes(ActorAttributes.CreateSupervisionStrategy(_ =>
            {
                asked++;
                return Directive.Resume;
            }))
            .RunWith(Sink.Seq<int>(), _materializer).Soon();

        Assert.Equal(50, elements.Count);
        Assert.Equal(50, asked);
    }

    [Fact]
    public async Task S8_A_chain_of_many_thousand_stages_should_not_use_up_the_stack()
    {
        var source = Source.From(Enumerable.Range(0, 10));
        for (var i = 0; i < 20_000; i++) source = source.Select(n => n + 1);

        Assert.Equal(Enumerable.Range(20_000, 10), await source.RunWith(Sink.Seq<int>(), _materializer).Soon());
    }

    [Fact]
    public void A_graph_that_is_not_of_this_library_should_be_refused_by_name()
    {
        var error = Assert.Throws<ArgumentException>(() => Source.Single(1).Via(new ForeignGraph()));

        Assert.Contains(nameof(ForeignGraph), error.Message, StringComparison.Ordinal);
    }

    private sealed class ForeignGraph : IGraph<FlowShape<int, int>, int>
    {
        public IGraph<FlowShape<int, int>, int> WithAttributes(Attributes attributes) => this;

        public IGraph<FlowShape<int, int>, int> AddAttributes(Attributes attributes) => this;

        public IGraph<FlowShape<int, int>, int> Named(string name) => this;

        public IGraph<FlowShape<int, int>, int> Async() => this;
    }
}
