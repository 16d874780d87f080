using System.Text;
using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;

namespace Plexum.Codex.Json;

public sealed class JsonValueLimitSpecs
{
    [Fact]
    public void A_text_is_over_the_limit_exactly_where_it_has_more_values() =>
        Prop.ForAll(Gen.Choose(0, int.MaxValue).ToArbitrary(), seed =>
            {
                var count = 0;
                var text = Encoding.UTF8.GetBytes(Value(new System.Random(seed), 4, ref count)!.ToJsonString());

                Assert.False(JsonValueLimit.IsExceeded(text, count));
                Assert.True(JsonValueLimit.IsExceeded(text, count - 1));
            })
            .QuickCheckThrowOnFailure();

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("[1, 2")]
    [InlineData("[1 2 3 4 5 6 7 8 9]")]
    [InlineData("nonsense")]
    public void What_is_no_JSON_is_left_to_the_parser(string text) =>
        Assert.False(JsonValueLimit.IsExceeded(Encoding.UTF8.GetBytes(text), 8));

    [Fact]
    public void Commas_and_brackets_in_a_string_are_no_values() =>
        Assert.False(JsonValueLimit.IsExceeded("""["[1,2,{\"a\":3}]", "\\"]"""u8, 3));

    [Fact]
    public void Two_million_keys_are_refused_without_any_memory()
    {
        var text = Encoding.UTF8.GetBytes($"{{{string.Join(',', Enumerable.Range(0, 2_000_000).Select(n => $"\"k{n}\":1"))}}}");
        var before = GC.GetAllocatedBytesForCurrentThread();

        var isExceeded = JsonValueLimit.IsExceeded(text, JsonValueLimit.Default);

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 16 * 1024);
        Assert.True(isExceeded);
    }

    // A tree that begins with a list, so that it is never null.
    private static JsonNode? Value(System.Random random, int depth, ref int count)
    {
        count++;
        var kind = depth == 4 ? 5 : random.Next(depth == 0 ? 4 : 6);
        switch (kind)
        {
            case 0:
                return null;
            case 1:
                return random.Next(2) == 0;
            case 2:
                return random.NextDouble();
            case 3:
                return "text with , [ { \" and \\";
            case 4:
                var members = new JsonObject();
                for (var i = random.Next(4); i > 0; i--)
                {
                    members[$"name {i}"] = Value(random, depth - 1, ref count);
                }

                return members;
            default:
                var items = new JsonArray();
                for (var i = random.Next(4); i > 0; i--)
                {
                    items.Add(Value(random, depth - 1, ref count));
                }

                return items;
        }
    }
}
