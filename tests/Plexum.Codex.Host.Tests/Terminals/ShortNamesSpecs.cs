using FsCheck;
using FsCheck.Fluent;

namespace Plexum.Codex.Host.Terminals;

public sealed class ShortNamesSpecs
{
    private static readonly Gen<string[]> Names = Gen.Elements("a", "b", "agent-", "team-", "0", "1", "very-long-")
        .ListOf()
        .Select(parts => string.Concat(parts) is { Length: > 0 } name ? name[..Math.Min(64, name.Length)] : "x")
        .ListOf()
        .Select(names => names.Distinct(StringComparer.Ordinal).Take(90).ToArray());

    [Fact]
    public void Names_that_fit_stay() => Assert.Equal(["alice", "bob"], ShortNames.Of(["alice", "bob"], 5));

    [Fact]
    public void A_long_name_is_cut_in_the_middle() =>
        Assert.Equal(["code-rev…r-000017"], ShortNames.Of(["code-reviewer-of-team-number-000017"], 17));

    [Fact]
    public void Names_that_differ_at_the_end_stay_different() =>
        Assert.Equal(["review…ent-17", "review…ent-18"], ShortNames.Of(["reviewer-of-department-17", "reviewer-of-department-18"], 13));

    [Fact]
    public void Names_that_differ_near_the_beginning_stay_different() =>
        Assert.Equal(
            ["team-1-r…-of-pulls", "team-2-r…-of-pulls"],
            ShortNames.Of(["team-1-reviewer-of-pulls", "team-2-reviewer-of-pulls"], 18)
        );

    [Fact]
    public void Names_that_differ_in_the_middle_are_cut_at_both_ends() =>
        Assert.Equal(
            ["…xx1xxxxx…", "…xx2xxxxx…"],
            ShortNames.Of([new string('x', 20) + "1" + new string('x', 20), new string('x', 20) + "2" + new string('x', 20)], 10)
        );

    [Fact]
    public void Different_names_stay_different_and_short_enough() =>
        Prop.ForAll(Names.ToArbitrary(), Gen.Choose(1, 40).ToArbitrary(), (names, width) =>
            {
                var cut = ShortNames.Of(names, width);
                return cut.Count == names.Length
                    && cut.All(name => name.Length <= width)
                    && (width < 8 || cut.Distinct(StringComparer.Ordinal).Count() == names.Length);
            })
            .Check(FsCheck.Config.QuickThrowOnFailure.WithMaxTest(500));
}
