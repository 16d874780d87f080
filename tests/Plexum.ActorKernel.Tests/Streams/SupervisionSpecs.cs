using Akka.Streams;
using Akka.Streams.Dsl;
using Akka.Streams.Supervision;
using Xunit;

namespace Plexum.ActorKernel.Tests.Streams;

public sealed class SupervisionSpecs(StreamSystem streams) : IClassFixture<StreamSystem>
{
    private static readonly Attributes Resuming = ActorAttributes.CreateSupervisionStrategy(Deciders.ResumingDecider);
    private static readonly Attributes Restarting = ActorAttributes.CreateSupervisionStrategy(Deciders.RestartingDecider);

    private readonly ActorMaterializer _materializer = streams.Materializer;

    public static TheoryData<string> Operators => ["Select", "Where", "TakeWhile", "SelectMany", "StatefulSelectMany"];

    [Theory]
    [MemberData(nameof(Operators))]
    public async Task S13_A_function_that_throws_should_fail_the_stream(string name)
    {
        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => Run(Throwing(name)));

        Assert.Equal("three", error.Message);
    }

    [Theory]
    [MemberData(nameof(Operators))]
    public async Task S13_A_function_that_throws_should_cost_its_element_when_the_decider_resumes_or_restarts(string name)
    {
        Assert.Equal([1, 2, 4, 5], await Run(Throwing(name).WithAttributes(Resuming)));
        Assert.Equal([1, 2, 4, 5], await Run(Throwing(name).WithAttributes(Restarting)));
    }

    [Fact]
    public async Task S13_Resuming_should_keep_what_a_stage_has_accumulated_and_restarting_should_not()
    {
        var sums = Source.From([1, 2, 3, 4, 5]).StatefulSelectMany(() =>
        {
            var sum = 0;
            return (Func<int, IEnumerable<int>>)(n => [sum += Unless3(n)]);
        });
        var total = Source.From([1, 2, 3, 4, 5]).Aggregate(0, (sum, n) => sum + Unless3(n));

        Assert.Equal([1, 3, 7, 12], await Run(sums.WithAttributes(Resuming)));
        Assert.Equal([1, 3, 4, 9], await Run(sums.WithAttributes(Restarting)));
        Assert.Equal([12], await Run(total.WithAttributes(Resuming)));
        Assert.Equal([9], await Run(total.WithAttributes(Restarting)));
        await Assert.ThrowsAsync<InvalidOperationException>(() => Run(total));
    }

    [Fact]
    public async Task S13_A_decider_should_be_asked_about_the_error_itself()
    {
        Exception? asked = null;
        var decider = ActorAttributes.CreateSupervisionStrategy(cause =>
        {
            asked = cause;
            return cause.Message == "three" ? Directive.Resume : Directive.Stop;
        });

        Assert.Equal([1, 2, 4, 5], await Run(Throwing("Select").WithAttributes(decider)));
        Assert.IsType<InvalidOperationException>(asked);
    }

    [Fact]
    public async Task S13_The_innermost_decider_should_count()
    {
        var stopping = ActorAttributes.CreateSupervisionStrategy(Deciders.StoppingDecider);

        Assert.Equal([1, 2, 4, 5], await Run(Throwing("Select").WithAttributes(Resuming).Select(n => n).WithAttributes(stopping)));
        await Assert.ThrowsAsync<InvalidOperationException>(
            () => Run(Throwing("Select").WithAttributes(stopping).Select(n => n).WithAttributes(Resuming)));
    }

    [Fact]
    public async Task S13_The_decider_of_a_graph_and_of_a_materializer_should_reach_every_stage_inside()
    {
        using var resuming = streams.System.Materializer(
            ActorMaterializerSettings.Create(streams.System).WithSupervisionStrategy(Deciders.ResumingDecider));
        var graph = Throwing("Select").ToMaterialized(Sink.Seq<int>(), Keep.Right);

        Assert.Equal([1, 2, 4, 5], await graph.WithAttributes(Resuming).Run(_materializer).Soon());
        Assert.Equal([1, 2, 4, 5], await graph.Run(resuming).Soon());
    }

    [Fact]
    public async Task S13_An_action_that_throws_should_cost_its_element_when_the_decider_resumes()
    {
        var received = new List<int>();

        await Source.From([1, 2, 3, 4, 5])
            .RunWith(Sink.ForEach<int>(n => received.Add(Unless3(n))).WithAttributes(Resuming), _materializer).Soon();

        Assert.Equal([1, 2, 4, 5], received);
    }

    [Fact]
    public async Task S14_A_null_should_be_judged_as_an_error_of_the_function_that_gave_it()
    {
        var texts = Source.From([1, 2, 3]).Select(n => n == 2 ? null! : $"{n}");

        await Assert.ThrowsAsync<ArgumentNullException>(() => Run(texts));
        Assert.Equal(["1", "3"], await Run(texts.WithAttributes(Resuming)));
    }

    private static int Unless3(int n) => n != 3 ? n : throw new InvalidOperationException("three");

    private static Source<int, Akka.NotUsed> Throwing(string name)
    {
        var source = Source.From([1, 2, 3, 4, 5]);
        return name switch
        {
            "Select" => source.Select(Unless3),
            "Where" => source.Where(n => Unless3(n) > 0),
            "TakeWhile" => source.TakeWhile(n => Unless3(n) > 0),
            "SelectMany" => source.SelectMany(n => (IEnumerable<int>)[Unless3(n)]),
            _ => source.StatefulSelectMany(() => (Func<int, IEnumerable<int>>)(n => [Unless3(n)])),
        };
    }

    private async Task<IReadOnlyList<T>> Run<T, TMat>(Source<T, TMat> source) =>
        await source.RunWith(Sink.Seq<T>(), _materializer).Soon();
}
