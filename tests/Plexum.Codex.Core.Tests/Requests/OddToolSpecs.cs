using System.Text;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Requests;

/// <summary>Tools with odd names and schemas in the document of a turn.</summary>
public sealed class OddToolSpecs
{
    [Theory]
    [InlineData("dots.in.it")]
    [InlineData("sla/sh")]
    [InlineData("a b")]
    [InlineData("ünï 漢字 😀")]
    [InlineData("--help")]
    public void Any_name_of_1_to_128_characters_is_taken_as_it_is(string name)
    {
        Assert.Equal(name, Assert.Single(Read(Tool(name, "{}")).Request!.Tools).Name);
        Assert.NotNull(Read(Tool(new string('x', 128), "{}")).Request);
    }

    [Fact]
    public void A_name_with_a_NUL_or_half_a_character_is_taken_and_half_a_character_is_marked() =>
        Assert.Equal("a\0b\uFFFDc", Assert.Single(Read(Tool("""a\u0000b\ud800c""", "{}")).Request!.Tools).Name);

    [Theory]
    [InlineData(0)]
    [InlineData(200)]
    public void A_name_that_is_empty_or_too_long_is_refused_with_its_place(int length) =>
        Assert.Equal(["tools[0].name: must have 1 to 128 characters."], Read(Tool(new string('x', length), "{}")).Problems.AsEnumerable());

    [Fact]
    public void Names_that_are_the_same_once_they_are_whole_are_refused() =>
        Assert.Equal(
            ["tools: has two tools with the name \"\uFFFD\"; names must differ."],
            Read("""{"messages":[],"tools":[{"name":"\ud800"},{"name":"\udfff"}]}""").Problems.AsEnumerable()
        );

    [Theory]
    [InlineData("true", "true or false")]
    [InlineData("[]", "a list")]
    [InlineData("\"object\"", "a string")]
    [InlineData("1e999", "a number")]
    public void A_schema_that_is_no_object_is_refused_with_its_place(string schema, string kind) =>
        Assert.Equal(
            [$"tools[0].inputSchema: must be a JSON schema, an object; it is {kind}."],
            Read(Tool("t", schema)).Problems.AsEnumerable()
        );

    [Theory]
    [InlineData("""{"properties":{"a":true,"b":false}}""")]
    [InlineData("""{"$ref":"#"}""")]
    [InlineData("""{"properties":{"a":{"$ref":"#/$defs/n"}},"$defs":{"n":{"properties":{"next":{"$ref":"#/$defs/n"}}}}}""")]
    [InlineData("""{"type":["object","null"]}""")]
    public void A_schema_of_any_form_is_passed_on_as_it_is(string schema) =>
        Assert.Equal(schema, Assert.Single(Read(Tool("t", schema)).Request!.Tools).InputSchema);

    [Fact]
    public void A_schema_of_a_mebibyte_is_passed_on_whole()
    {
        var schema = $$"""{"description":"{{new string('d', 1024 * 1024)}}"}""";

        Assert.Equal(schema, Assert.Single(Read(Tool("t", schema)).Request!.Tools).InputSchema);
    }

    [Fact]
    public void Half_a_character_in_a_schema_is_marked_and_the_request_can_be_kept_in_the_ledger()
    {
        var request = Read(Tool("t", """{"description":"a\ud800b","properties":{"\udc00":{}}}""")).Request!;

        Assert.Equal("{\"description\":\"a\uFFFDb\",\"properties\":{\"\uFFFD\":{}}}", Assert.Single(request.Tools).InputSchema);
        Assert.Equal(request.Tools.ToArray(), Read(Encoding.UTF8.GetString(TurnRequestJson.Write(request))).Request!.Tools.ToArray());
    }

    [Theory]
    [InlineData("1e999")]
    [InlineData("-1E400")]
    public void A_number_that_no_computer_can_hold_is_refused_with_its_place_and_not_made_a_text(string number) =>
        Assert.Equal(
            ["tools[0].inputSchema.properties.n.maximum: is a number that is too large."],
            Read(Tool("t", """{"properties":{"n":{"maximum":""" + number + "}}}")).Problems.AsEnumerable()
        );

    [Theory]
    [InlineData("1e3")]
    [InlineData("1.0")]
    [InlineData("1e999")]
    [InlineData("-0")]
    public void A_time_limit_in_another_form_is_refused_with_a_sentence(string number) =>
        Assert.StartsWith(
            "timeout_ms: must be a whole number",
            Assert.Single(Read($$"""{"messages":[],"timeout_ms":{{number}}}""").Problems),
            StringComparison.Ordinal
        );

    private static TurnRequestReading Read(string document) => TurnRequestJson.Read(AgentId.Parse("ana"), Encoding.UTF8.GetBytes(document));

    private static string Tool(string name, string schema) =>
        $$"""{"messages":[],"tools":[{"name":"{{name}}","inputSchema":{{schema}}}]}""";
}
