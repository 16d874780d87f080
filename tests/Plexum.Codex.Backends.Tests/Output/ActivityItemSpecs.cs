using System.Text;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace Plexum.Codex.Output;

public sealed class ActivityItemSpecs
{
    [Fact]
    public void A_small_item_is_kept_as_it_is()
    {
        var item = """{ "id" : "i", "n":1.50 }"""u8;

        Assert.Equal(item.ToArray(), ActivityItem.Capture(item));
    }

    [Fact]
    public void A_long_output_loses_its_middle_and_says_how_much()
    {
        var output = "start" + new string('x', 6_000_000) + "end";
        var item = Serialize(
            new
            {
                id = "item_1",
                aggregated_output = output,
                exit_code = 0,
            }
        );

        using var captured = JsonDocument.Parse(Capture(item));

        var shown = captured.RootElement.GetProperty("aggregated_output").GetString()!;
        Assert.StartsWith("startxxx", shown, StringComparison.Ordinal);
        Assert.EndsWith("xxxend", shown, StringComparison.Ordinal);
        Assert.Contains($"[… {output.Length - 16 * 1024} characters cut …]", shown, StringComparison.Ordinal);
        Assert.Equal(0, captured.RootElement.GetProperty("exit_code").GetInt32());
    }

    [Fact]
    public void The_largest_line_that_codex_was_seen_to_write_stays_small()
    {
        var item = Serialize(
            new
            {
                id = "item_1",
                aggregated_output = new string('\0', 1_048_576),
                status = "completed",
            }
        );

        var captured = Capture(item);

        Assert.InRange(item.Length, 6_291_456, 6_300_000);
        Assert.InRange(captured.Length, 1, ActivityItem.MaxBytes);
        Assert.Contains("\"status\":\"completed\"", Encoding.UTF8.GetString(captured), StringComparison.Ordinal);
    }

    [Fact]
    public void Long_lists_and_many_members_lose_their_end_with_a_mark()
    {
        var list = Capture(
            Serialize(
                new
                {
                    type = "mcp_tool_call",
                    result = new { content = Enumerable.Range(0, 100_000) },
                    status = "completed",
                }
            )
        );
        var members = Capture(Serialize(new { a = Enumerable.Range(0, 20_000).ToDictionary(i => $"member-{i}", i => new[] { i }), z = 1 }));

        foreach (var captured in new[] { list, members })
        {
            Assert.InRange(captured.Length, ActivityItem.MaxBytes, ActivityItem.MaxBytes + 200);
            Assert.Contains("cut: the item was too large", Encoding.UTF8.GetString(captured), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void An_emoji_is_not_cut_in_two()
    {
        var item = Serialize(new { text = "x" + string.Concat(Enumerable.Repeat("😀", 100_000)) });

        Assert.DoesNotContain("\uFFFD", Encoding.UTF8.GetString(Capture(item)), StringComparison.Ordinal);
    }

    [Fact]
    public void An_item_with_bytes_that_are_no_text_becomes_valid()
    {
        byte[] item = [.. "{\"a\":\""u8, 0xFF, .. "\",\r\"b\":[1,"u8, (byte)' ', .. "true,null]}"u8];

        Assert.Equal("{\"a\":\"\uFFFD\",\"b\":[1,true,null]}", Encoding.UTF8.GetString(Capture(item)));
    }

    [Fact]
    public void Whatever_is_captured_is_json_and_no_larger_than_twice_the_limit()
    {
        var leaves = Gen.OneOf(
            Gen.Choose(0, 200_000).Select(length => (object)new string('x', length)),
            Gen.Choose(0, 40_000).Select(length => (object)new string('\u0001', length)),
            Gen.Choose(0, 50_000).Select(length => (object)Enumerable.Range(0, length).ToArray())
        );
        var items = leaves.ArrayOf().Select(values => Serialize(new { values, nested = new { values, last = 1 } }));
        Prop.ForAll(items.ToArbitrary(), item =>
            {
                var captured = Capture(item);
                using var json = JsonDocument.Parse(captured);
                return captured.Length <= 2 * ActivityItem.MaxBytes;
            })
            .Check(Config.QuickThrowOnFailure.WithMaxTest(50).WithEndSize(8));
    }

    private static byte[] Capture(byte[] item) => ActivityItem.Capture(item);

    private static byte[] Serialize<T>(T value) => JsonSerializer.SerializeToUtf8Bytes(value);
}
