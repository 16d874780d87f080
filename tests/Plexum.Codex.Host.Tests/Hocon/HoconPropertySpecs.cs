using FsCheck;
using FsCheck.Fluent;
using Plexum.Codex.Host.Configuration;

namespace Plexum.Codex.Host.Hocon;

/// <summary>What holds for every document.</summary>
public sealed class HoconPropertySpecs
{
    private static readonly FsCheck.Config Strict = FsCheck.Config.QuickThrowOnFailure.WithMaxTest(150);

    // What comes up by chance and means something to HOCON.
    private static readonly Gen<string> Soup = Gen.Elements(
            "a",
            "b",
            "a.b",
            "\"c d\"",
            "=",
            ":",
            "{",
            "}",
            "[",
            "]",
            ",",
            "\n",
            " ",
            "\t",
            "# x\n",
            "//",
            "1",
            "null",
            "\"",
            "\"\"\"",
            "${a}",
            "${a.b}",
            "${?b}",
            "${",
            "$",
            "\\",
            "\\n",
            "@",
            "+=",
            ".",
            "include",
            "\r\n",
            "\0",
            "é"
        )
        .ListOf()
        .Select(string.Concat);

    private static readonly Arbitrary<int> Seeds = Gen.Choose(0, int.MaxValue).ToArbitrary();

    [Fact]
    public void However_a_document_is_written_it_is_read_the_same() =>
        Prop.ForAll(HoconTree.Any, Seeds, (tree, seed) => HoconTree.Of(Parse(tree, seed)).Equals(tree)).Check(Strict);

    [Fact]
    public void Merging_gives_the_values_of_both_with_the_upper_ones_winning() =>
        Prop.ForAll(HoconTree.Any, HoconTree.Any, (upper, lower) =>
            {
                var merged = Parse(upper, 0).WithFallback(Parse(lower, 0));

                return HoconTree.Of(merged).Equals(lower.MergedWith(upper));
            })
            .Check(Strict);

    [Fact]
    public void What_is_written_is_read_back() =>
        Prop.ForAll(HoconTree.Any, tree => HoconTree.Of(HoconDocument.Parse(Parse(tree, 1).ToHocon())).Equals(tree)).Check(Strict);

    [Fact]
    public void Akka_s_parser_reads_what_is_written_as_the_same() =>
        Prop.ForAll(HoconTree.Any, tree => AkkaTree.Of(AkkaSection.ToConfig(Parse(tree, 1))).Equals(tree)).Check(Strict);

    [Fact]
    public void Any_text_is_read_as_Akka_s_parser_reads_it_written_anew_or_is_a_mistake_with_its_place() =>
        Prop.ForAll(Soup.ToArbitrary(), text =>
            {
                try
                {
                    var document = HoconDocument.Parse(text);
                    return AkkaTree.Of(AkkaSection.ToConfig(document)).Equals(HoconTree.Of(document));
                }
                catch (HoconException e)
                {
                    return e is { Line: > 0, Column: > 0 }
                        && e.Message.EndsWith($"(line {e.Line}, column {e.Column}).", StringComparison.Ordinal);
                }
            })
            .Check(Strict.WithMaxTest(600));

    private static HoconDocument Parse(HoconTree.Keys tree, int seed) => HoconDocument.Parse(tree.WriteMembers(new Random(seed)));
}
