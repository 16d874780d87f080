using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;
using Plexum.Codex.Requests;
using Plexum.Codex.TestSupport.Rollouts;
using Xunit;

namespace Plexum.Codex.Rollouts.Rewriting;

public sealed class RewriterPropertySpecs
{
    private static readonly string[] Ids = ["call_1", "call_2", "call_3", "call_ä", "call_\"4\""];

    private static readonly string[] Texts =
    [
        "",
        "ok",
        "Plan updated",
        "...(consumed)",
        "...(tool called)",
        "{}",
        "plain text of a tool",
        "ünïcödé 😀 \u2028 and more of it",
        "quotes \" and \\ and \n\t control \u0001",
        """{"cmd":"echo \"call_id\":\"call_1\""}""",
        "\"call_id\":\"call_2\",\"output\":\"",
        new('x', 300),
        "\\\"call_id\\\"",
    ];

    private static readonly string[] Decoys =
    [
        "",
        "",
        "   ",
        "\r",
        "no json \"call_id\":\"call_1\"",
        """{"type":"response_item"}""",
        RolloutText.Message,
        RolloutText.ItemCompleted("call_1", "the copy for people"),
        """{"type":"response_item","payload":{"type":"function_call_output","call_id":7,"output":"a number is no id"}}""",
        """{"type":"response_item","payload":{"type":"function_call_output","call_id":"call_1","output":null}}""",
        """{"type":"response_item","payload":{"type":"function_call_output","call_id":"call_1","output":"cut o""",
        """{"type":"event_msg","payload":{"type":"function_call_output","call_id":"call_1","output":"not the model's, and long"}}""",
        """{"type":"compacted","payload":{"message":"m","replacement_history":"""
            + """[{"type":"function_call_output","call_id":"call_1","output":"a compacted one"}]}}""",
        """{"type":"response_item","payload":{"type":"local_shell_call","call_id":"call_1","action":{"type":"exec","command":["ls"]}}}""",
        """{"type":"response_item","payload":{"type":"tool_search_call","call_id":"call_2","arguments":{"query":"something longer"}}}""",
    ];

    private static readonly Gen<string> Lines = Gen.Frequency(
        (1, Gen.Elements(Decoys)),
        (
            2,
            from id in Gen.Elements(Ids)
            from text in Gen.Elements(Texts)
            from kind in Gen.Elements("function_call", "custom_tool_call")
            select RolloutText.Call(id, text, kind)
        ),
        (
            2,
            from id in Gen.Elements(Ids)
            from text in Gen.Elements(Texts)
            from kind in Gen.Elements("function_call_output", "custom_tool_call_output")
            select RolloutText.Output(id, text, kind)
        ),
        (
            1,
            from id in Gen.Elements(Ids)
            from texts in Gen.Elements(Texts).ArrayOf(2)
            from spaces in Gen.Choose(0, 2)
            let blank = new string(' ', spaces)
            select RolloutText.OutputJson(
                id,
                $"{blank}[{blank}"
                    + string.Join(',', texts.Select(text => $$"""{"type":"input_text",{{blank}}"text":{{RolloutText.Json(text)}}}"""))
                    + $"]{blank}"
            )
        )
    );

    private static readonly Gen<CallToConsume> Calls =
        from id in Gen.Elements([.. Ids, "call_unknown"])
        from op in Gen.Elements(CallToConsume.Light, CallToConsume.Heavy, "other")
        select new CallToConsume(id, op);

    [Fact]
    public void A_rewrite_changes_the_named_values_and_nothing_else()
    {
        using var directory = new TemporaryDirectory();
        var path = directory.File("rollout-1.jsonl");
        var cases =
            from lines in Lines.ArrayOf()
            from endings in Gen.Elements("\n", "\n", "\r\n").ArrayOf(lines.Length)
            from last in Gen.Elements(true, false)
            from calls in Calls.ArrayOf()
            select (lines, endings, last, calls);
        Prop.ForAll(cases.ToArbitrary(), one => Check(path, Join(one.lines, one.endings, one.last), one.calls))
            .Check(Config.QuickThrowOnFailure.WithMaxTest(500).WithEndSize(30));
    }

    private static string Join(string[] lines, string[] endings, bool last) =>
        string.Concat(lines.Select((line, index) => line + (index == lines.Length - 1 && !last ? "" : endings[index])));

    private static void Check(string path, string before, CallToConsume[] calls)
    {
        File.WriteAllText(path, before);
        var result = RolloutRewriter.Apply(path, new RewriteRequest(calls));
        var bytes = File.ReadAllBytes(path);
        var (old, changed) = (before.Split('\n'), Encoding.UTF8.GetString(bytes).Split('\n'));
        Assert.Equal(Encoding.UTF8.GetByteCount(before), bytes.Length);
        Assert.Equal(old.Select(Encoding.UTF8.GetByteCount), changed.Select(Encoding.UTF8.GetByteCount));
        var touched = new HashSet<string>();
        foreach (var (line, now) in old.Zip(changed))
        {
            Assert.Equal(Expected(line, calls, touched), Canonical(now));
            Assert.Equal(WithoutValues(line), WithoutValues(now));
        }

        Assert.Equal(touched.Count, result.Touched);
        Assert.Equal(calls.Select(call => call.BlockId).Distinct().Count(), result.Requested);
        RolloutRewriter.Apply(path, new RewriteRequest(calls));
        Assert.Equal(bytes, File.ReadAllBytes(path));
    }

    // The rule once more, on trees instead of bytes.
    private static string Expected(string line, CallToConsume[] calls, HashSet<string> touched)
    {
        if (Parse(line) is not { } record || ValueOf(record) is not { } found)
        {
            return line;
        }

        var (id, name) = found;
        var ops = calls.Where(call => call.BlockId == id).Select(call => call.Op).ToHashSet();
        var heavy = ops.Contains(CallToConsume.Heavy);
        var marker =
            name != "output" ? (heavy ? "{}" : null)
            : heavy ? "...(tool called)"
            : ops.Contains(CallToConsume.Light) ? "...(consumed)"
            : null;
        var (start, end) = SlotOf(line, name);
        if (marker is null || Encoding.UTF8.GetByteCount(line[start..end].TrimStart(' ')) < marker.Length + 2)
        {
            return Canonical(line);
        }

        touched.Add(id);
        record["payload"]![name] = marker;
        return record.ToJsonString();
    }

    private static (string Id, string Name)? ValueOf(JsonObject record)
    {
        if (
            record["type"] is not JsonValue type
            || type.ToString() != "response_item"
            || record["payload"] is not JsonObject payload
            || payload["call_id"] is not JsonValue id
            || id.GetValueKind() != JsonValueKind.String
        )
        {
            return null;
        }

        var name = payload["type"]!.ToString() switch
        {
            "function_call" => "arguments",
            "custom_tool_call" => "input",
            "function_call_output" or "custom_tool_call_output" => "output",
            _ => null,
        };
        return name is not null && payload[name] is { } value && (value is JsonArray || value.GetValueKind() == JsonValueKind.String)
            ? (id.ToString(), name)
            : null;
    }

    private static string Canonical(string line) => Parse(line) is { } record && ValueOf(record) is not null ? record.ToJsonString() : line;

    private static JsonObject? Parse(string line)
    {
        try
        {
            return JsonNode.Parse(line) as JsonObject;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>All of a line but the value that may change and the white space behind it.</summary>
    private static string WithoutValues(string line)
    {
        if (Parse(line) is not { } record || ValueOf(record) is not { } found)
        {
            return line;
        }

        var (start, end) = SlotOf(line, found.Name);
        return line[..start] + line[end..];
    }

    // From the colon to the comma; in the lines of this test the members before and behind are known.
    private static (int Start, int End) SlotOf(string line, string name)
    {
        var start = line.IndexOf($"\"{name}\":", StringComparison.Ordinal) + name.Length + 3;
        return (start, line.IndexOf(name == "output" ? ",\"internal_chat" : ",\"call_id\"", start, StringComparison.Ordinal));
    }
}
