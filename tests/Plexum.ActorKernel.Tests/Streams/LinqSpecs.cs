using Akka.Streams;
using Akka.Streams.Dsl;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace Plexum.ActorKernel.Tests.Streams;

/// <summary>Random chains of operators on random elements give what LINQ gives.</summary>
public sealed class LinqSpecs(StreamSystem streams) : IClassFixture<StreamSystem>
{
    private readonly ActorMaterializer _materializer = streams.Materializer;

    [Fact]
    public void S3_Chains_of_operators_should_give_what_the_same_chains_of_LINQ_give()
    {
        var chains = Gen.Choose(0, 99).ListOf().ToArbitrary();
        var elements = Gen.Choose(-1_000, 1_000).ListOf().ToArbitrary();

        Prop.ForAll(chains, elements, (chain, input) =>
        {
            var source = chain.Aggregate(Source.From(input), (current, choice) => Append(current, choice));
            var expected = chain.Aggregate((IEnumerable<int>)input, Append);

            Assert.Equal(expected, source.RunWith(Sink.Seq<int>(), _materializer).WaitAsync(Waiting.Generous).GetAwaiter().GetResult());
        }).QuickCheckThrowOnFailure();
    }

    private static Source<int, Akka.NotUsed> Append(Source<int, Akka.NotUsed> source, int choice)
    {
        var n = (choice / 11) + 1;
        return (choice % 11) switch
        {
            0 => source.Select(x => x + n),
            1 => source.Where(x => x % n != 0),
            2 => source.SelectMany(x => Enumerable.Repeat(x, n % 3)),
            3 => source.Take(n * 3),
            4 => source.TakeWhile(x => x < n * 100),
            5 => source.Grouped(n).SelectMany(group => group),
            6 => source.Async(),
            7 => source.SelectAsync(n, async x =>
            {
                if (x % 2 == 0) await Task.Yield();
                return x;
            }),
            8 => source.Buffer(n, OverflowStrategy.Backpressure),
            9 => source.Via(Flow.Create<int>().StatefulSelectMany(() => Sums()).Async()),
            _ => source.Aggregate(n, (sum, x) => sum + x),
        };
    }

    private static IEnumerable<int> Append(IEnumerable<int> source, int choice)
    {
        var n = (choice / 11) + 1;
        return (choice % 11) switch
        {
            0 => source.Select(x => x + n),
            1 => source.Where(x => x % n != 0),
            2 => source.SelectMany(x => Enumerable.Repeat(x, n % 3)),
            3 => source.Take(n * 3),
            4 => source.TakeWhile(x => x < n * 100),
            9 => source.SelectMany(Sums()),
            10 => [source.Aggregate(n, (sum, x) => sum + x)],
            _ => source,
        };
    }

    private static Func<int, IEnumerable<int>> Sums()
    {
        var sum = 0;
        return x => [sum += x];
    }
}
