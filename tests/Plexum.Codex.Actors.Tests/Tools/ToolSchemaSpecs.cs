using System.Diagnostics;
using Plexum.Codex.Requests;
using Plexum.Codex.Tools.Schemas;
using Xunit;

namespace Plexum.Codex.Tools;

public sealed class ToolSchemaSpecs
{
    private const string Note =
        """{"type":"object","required":["key"],"properties":{"key":{"type":"string"},"count":{"type":"integer","minimum":3}"""
        + ""","tags":{"type":"array","items":{"enum":["a","b"]}}},"additionalProperties":false}""";

    [Theory]
    [InlineData("""{}""", "Required properties [\"key\"] are not present")]
    [InlineData("""{"key":1}""", "key: Value is \"integer\" but should be \"string\"")]
    [InlineData("""{"key":"k","count":2}""", "count: 2 should be at least 3")]
    [InlineData("""{"key":"k","tags":["a","c"]}""", "tags/1: ")]
    [InlineData("""{"key":"k","keys":"k"}""", "keys: there is no such property")]
    public void Arguments_that_do_not_suit_the_schema_are_refused_with_what_is_wrong(string arguments, string mistake)
    {
        var schema = SchemaOf(Note);

        var reason = schema.WhyNot(arguments);

        Assert.StartsWith(
            "The tool note was not called, because its arguments do not match its schema: ",
            reason,
            StringComparison.Ordinal
        );
        Assert.Contains(mistake, reason, StringComparison.Ordinal);
        Assert.Null(schema.Problem);
    }

    [Theory]
    [InlineData(Note, """{"key":"k","count":3,"tags":["a","b"]}""")]
    [InlineData(null, """{"any":1}""")]
    [InlineData("no JSON", """{"any":1}""")]
    [InlineData("[]", """{"any":1}""")]
    [InlineData("""{"type":"array"}""", """{"any":1}""")]
    [InlineData(
        """{"$schema":"http://nobody.org/x","$id":"note","x-mine":3,"nullable":true,"title":4,"properties":{"a":{"format":"email"}}}""",
        """{"a":"no mail"}"""
    )]
    public void Arguments_that_suit_the_schema_and_keywords_that_check_nothing_are_let_through(string? schema, string arguments)
    {
        var tool = SchemaOf(schema);

        Assert.Null(tool.WhyNot(arguments));
        Assert.Null(tool.Problem);
    }

    [Theory]
    [InlineData("""{"required":"key"}""")]
    [InlineData("""{"properties":{"a":{"type":"text"}}}""")]
    [InlineData("""{"properties":{"a":{"exclusiveMinimum":true}}}""")]
    [InlineData("""{"properties":{"a":{"pattern":"("}}}""")]
    [InlineData("""{"properties":{"a":{"$ref":"http://127.0.0.1:1/schema"}}}""")]
    [InlineData("""{"properties":{"a":{"$ref":"file:///etc/passwd"}}}""")]
    [InlineData("""{"properties":{"a":{"$ref":"#/$defs/none"}}}""")]
    [InlineData("""{"$ref":"#"}""")]
    [InlineData("""{"allOf":[{"$ref":"#/$defs/a"}],"$defs":{"a":{"$ref":"#/$defs/b"},"b":{"$ref":"#/$defs/a"}}}""")]
    [InlineData("""{"properties":{"a":{"anyOf":[{"not":{"$ref":"#/properties/a"}}]}}}""")]
    public void A_schema_that_cannot_be_used_lets_its_calls_through_and_says_why(string schema)
    {
        var tool = SchemaOf(schema);

        Assert.Null(tool.WhyNot("""{"a":1}"""));
        Assert.NotEmpty(tool.Problem!);
    }

    [Fact]
    public void A_reference_into_the_schema_is_followed_as_deep_as_the_arguments_go()
    {
        var tool = SchemaOf(
            """{"definitions":{"node":{"type":"object","properties":{"next":{"$ref":"#/definitions/node"}}}}"""
                + ""","properties":{"list":{"$ref":"#/definitions/node"}}}"""
        );

        Assert.Contains("list/next/next: ", tool.WhyNot("""{"list":{"next":{"next":7}}}"""), StringComparison.Ordinal);
        Assert.Null(tool.WhyNot("""{"list":""" + string.Concat(Enumerable.Repeat("""{"next":""", 60)) + "{}" + new string('}', 61)));
        Assert.Null(tool.Problem);
    }

    [Fact]
    public void A_pattern_that_an_argument_makes_slow_is_abandoned()
    {
        var tool = SchemaOf("""{"properties":{"a":{"type":"string","pattern":"^(a+)+$"}}}""");
        var start = Stopwatch.GetTimestamp();

        Assert.Null(tool.WhyNot($$"""{"a":"{{new string('a', 60)}}b"}"""));

        Assert.NotEmpty(tool.Problem!);
        Assert.True(Stopwatch.GetElapsedTime(start) < Limits.Wait);
        Assert.NotNull(tool.WhyNot("""{"a":"b"}"""));
        Assert.Null(tool.Problem);
    }

    [Fact]
    public void Arguments_with_very_many_values_go_through_unchecked()
    {
        var tool = SchemaOf(Note);
        var many = string.Join(',', Enumerable.Repeat("1", 20_000));

        Assert.Null(tool.WhyNot($$"""{"tags":[{{many}}]}"""));

        Assert.Contains("more than 10000 values", tool.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void A_schema_with_very_many_references_is_not_followed()
    {
        var chain = string.Join(
            ',',
            Enumerable.Range(0, 60_000).Select(number => $"\"d{number}\":{{\"\\u0024ref\":\"#/$defs/d{number + 1}\"}}")
        );

        var tool = SchemaOf($$$"""{"$defs":{{{{chain}}},"d60000":{}},"$ref":"#/$defs/d0"}""");

        Assert.Contains("more than 500 references", tool.Problem, StringComparison.Ordinal);
        Assert.Null(tool.WhyNot("{}"));
    }

    [Fact]
    public void A_reason_is_short_however_much_is_wrong()
    {
        var arguments = string.Join(',', Enumerable.Range(0, 1000).Select(number => $"\"{new string('x', 300)}{number}\":1"));

        Assert.InRange(SchemaOf(Note).WhyNot($$"""{{{arguments}}}""")!.Length, 100, 1300);
    }

    [Fact]
    public void Two_tools_may_give_their_schemas_one_name()
    {
        const string Named = """{"$id":"https://host/schema","required":["key"]}""";

        Assert.NotNull(SchemaOf(Named).WhyNot("{}"));
        Assert.NotNull(SchemaOf(Named).WhyNot("{}"));
    }

    private static ToolSchema SchemaOf(string? schema) => new(new ToolDefinition("note", null, schema));
}
