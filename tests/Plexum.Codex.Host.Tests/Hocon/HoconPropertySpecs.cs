using Akka.Configuration;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace Plexum.ActorKernel.Tests.Configuration;

/// <summary>What holds for every configuration.</summary>
public class HoconPropertySpecs
{
    [Fact]
    public void However_a_configuration_is_written_it_should_be_read_the_same() =>
        Prop.ForAll(HoconTree.Any, Seeds, (tree, seed) => Read(tree, seed).Equals(tree))
            .Check(FsCheck.Config.QuickThrowOnFailure.WithMaxTest(500));

    [Fact]
    public void Merging_should_give_the_values_of_both_with_the_upper_ones_winning() =>
        Prop.ForAll(HoconTree.Any, HoconTree.Any, (upper, lower) =>
            {
                var merged = Parse(upper, 0).WithFallback(Parse(lower, 0));

                return HoconTree.From(merged.Root!).Equals(lower.MergedWith(upper));
            })
            .Check(FsCheck.Config.QuickThrowOnFailure.WithMaxTest(300));

    [Fact]
    public void A_printed_configuration_should_read_back() =>
        Prop.ForAll(HoconTree.Plain, tree =>
                HoconTree.From(ConfigurationFactory.ParseString(Parse(tree, 0).ToString()).Root!).Equals(tree))
            .Check(FsCheck.Config.QuickThrowOnFailure.WithMaxTest(300));

    private static Arbitrary<int> Seeds { get; } = Gen.Choose(0, int.MaxValue).ToArbitrary();

    private static HoconTree Read(HoconTree.Keys tree, int seed) => HoconTree.From(Parse(tree, seed).Root!);

    private static Akka.Configuration.Config Parse(HoconTree.Keys tree, int seed) =>
        ConfigurationFactory.ParseString(tree.WriteMembers(new Random(seed)));
}
