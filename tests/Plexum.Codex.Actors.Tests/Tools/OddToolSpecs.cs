using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;
using Plexum.Codex.Requests;
using Plexum.Codex.Tools.Schemas;
using Xunit;

namespace Plexum.Codex.Tools;

/// <summary>
/// Tools with odd names and schemas as codex gets them. Codex itself makes a name of letters, digits and underscores out of each and calls
/// the tool under its own (measured on 0.169.0 and 0.171.0).
/// </summary>
public sealed class OddToolSpecs : BridgeTestKit
{
    [Fact]
    public async Task Odd_names_are_listed_as_they_are_and_each_is_called_under_its_own()
    {
        string[] names = ["dots.in.it", "sla/sh", "a b", "ünï 漢字 😀", "nul\0in", "--help", new('x', 128), "get!", "get?"];
        Open(names.Select(name => new ToolDefinition(name, null, null)).ToArray());
        await using var client = await ConnectAsync();

        Assert.Equal(names, (await client.ListToolsAsync().AsTask().WithinLimit()).Select(tool => tool.Name));
        foreach (var name in names)
        {
            var said = CallAsync(client, name, false);
            var call = ExpectCall();
            Assert.Equal(name, call.Name);
            Answer(call, name);
            Assert.Equal(name, await said);
        }
    }

    [Theory]
    [InlineData("true")]
    [InlineData("[]")]
    [InlineData("\"object\"")]
    [InlineData("1e999")]
    [InlineData("{")]
    [InlineData("")]
    public void A_schema_that_is_none_becomes_that_of_any_object(string schema) =>
        Assert.Equal("""{"type":"object"}""", ToolArguments.SchemaOf(new ToolDefinition("t", null, schema)).GetRawText());

    [Theory]
    [InlineData("""{"type":"array"}""", """{"type":"object"}""")]
    [InlineData("""{"type":["object","null"],"title":"t"}""", """{"type":"object","title":"t"}""")]
    [InlineData("""{"$ref":"#"}""", """{"type":"object","$ref":"#"}""")]
    [InlineData("""{"properties":{"a":true,"b":false}}""", """{"type":"object","properties":{"a":true,"b":false}}""")]
    [InlineData("""{"maximum":1e999}""", """{"type":"object","maximum":1e999}""")]
    public void A_schema_without_the_type_that_MCP_wants_gets_it(string schema, string passed) =>
        Assert.Equal(passed, ToolArguments.SchemaOf(new ToolDefinition("t", null, schema)).GetRawText());

    [Fact]
    public async Task A_schema_of_a_mebibyte_and_one_that_refers_to_itself_are_listed()
    {
        var large = $$"""{"type":"object","description":"{{new string('d', 1024 * 1024)}}"}""";
        const string Loop = """{"type":"object","properties":{"a":{"$ref":"#/$defs/n"}},"$defs":{"n":{"$ref":"#/$defs/n"}}}""";
        Open(new ToolDefinition("large", null, large), new ToolDefinition("loop", null, Loop));
        await using var client = await ConnectAsync();

        var tools = await client.ListToolsAsync().AsTask().WithinLimit();

        Assert.Equal([large, Loop], tools.Select(tool => tool.JsonSchema.GetRawText()));
        var said = CallAsync(client, "loop", false, ("a", 1));
        Answer(ExpectCall(), "done");
        Assert.Equal("done", await said);
    }

    [Fact]
    public async Task Half_a_character_from_a_host_in_this_process_is_marked_in_what_codex_gets()
    {
        Open(new ToolDefinition("t", "half \ud800", "{\"title\":\"\ud800\",\"$comment\":\"\\udc00\"}"));
        await using var client = await ConnectAsync();

        var tool = Assert.Single(await client.ListToolsAsync().AsTask().WithinLimit());
        Assert.Equal("half \uFFFD", tool.Description);
        Assert.Equal("\uFFFD", tool.JsonSchema.GetProperty("title").GetString());
        Assert.Equal("\uFFFD", tool.JsonSchema.GetProperty("$comment").GetString());

        var result = client.CallToolAsync("t").AsTask();
        var call = ExpectCall();
        Bridge.Tell(
            new ToolBridgeProtocol.ToolAnswered(call.TurnId, call.CallId, [new ToolContent.Text("a\ud800b"), new ToolContent.Text("c\0d")]),
            Handler.Ref
        );
        Assert.Equal(["a\uFFFDb", "c\0d"], (await result.WithinLimit()).Content.OfType<TextContentBlock>().Select(block => block.Text));
    }
}
