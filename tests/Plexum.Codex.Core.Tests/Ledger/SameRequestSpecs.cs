using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using Plexum.Codex.Requests;
using Plexum.Codex.Turns;
using Xunit;

namespace Plexum.Codex.Ledger;

/// <summary>When two requests with one idempotency key are the same.</summary>
public sealed class SameRequestSpecs
{
    private const string Whole =
        """{"workspace":"/w","model":"m","messages":[{"role":"user","content":[{"type":"text","text":"h\u00e9"},"""
        + """{"type":"image","media_type":"image/png","base64":"AAAA"}]}]"""
        + ""","tools":[{"name":"get","description":"d","inputSchema":{"type":"object","properties":{"a":{"type":"string"},"b":{}}}}]"""
        + ""","timeout_ms":1000,"sandbox":"read-only","new_thread":true}""";

    public static TheoryData<string, string> Changes =>
        new()
        {
            { "\"/w\"", "\"/v\"" },
            { "\"m\"", "\"n\"" },
            { "h\\u00e9", "h" },
            { "\"user\"", "\"system\"" },
            { "AAAA", "AAAB" },
            { "image/png", "image/gif" },
            { "\"get\"", "\"got\"" },
            { "\"d\"", "\"e\"" },
            { "\"string\"", "\"number\"" },
            { "\"b\":{}", "\"c\":{}" },
            { "1000", "1001" },
            { "read-only", "workspace-write" },
            { ",\"sandbox\":\"read-only\"", "" },
            { "\"new_thread\":true", "\"new_thread\":false" },
        };

    [Theory]
    [MemberData(nameof(Changes))]
    public void A_request_that_asks_for_something_else_is_another(string part, string instead)
    {
        Assert.Contains(part, Whole, StringComparison.Ordinal);

        Assert.False(IsSame(Whole, Whole.Replace(part, instead, StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("\"/w\"", "\"/w/\"")]
    [InlineData("\"/w\"", "\"/./w//\"")]
    [InlineData("\"model\":\"m\"", "\n  \"model\" :\t\"m\"")]
    [InlineData("h\\u00e9", "h\u00e9")]
    [InlineData("\"model\":\"m\"", "\"model\":\"\\u006d\"")]
    [InlineData("\"workspace\":\"/w\",\"model\":\"m\"", "\"model\":\"m\",\"workspace\":\"/w\"")]
    [InlineData("{\"a\":{\"type\":\"string\"},\"b\":{}}", "{ \"b\": {}, \"a\": {\"type\": \"string\"} }")]
    [InlineData("\"name\":\"get\",\"description\":\"d\"", "\"description\":\"d\",\"name\":\"get\"")]
    [InlineData("\"new_thread\":true", "\"new_thread\":true,\"unknown\":1")]
    public void A_request_that_is_only_written_otherwise_is_the_same(string part, string instead)
    {
        Assert.Contains(part, Whole, StringComparison.Ordinal);

        Assert.True(IsSame(Whole, Whole.Replace(part, instead, StringComparison.Ordinal)));
    }

    [Fact]
    public void A_text_is_the_same_as_a_list_of_one_text() =>
        Assert.True(
            IsSame(
                """{"messages":[{"role":"user","content":"hi"}]}""",
                """{"messages":[{"role":"user","content":[{"type":"text","text":"hi"}]}],"tools":[],"new_thread":false,"model":null}"""
            )
        );

    [Fact]
    public void The_order_of_a_schema_s_lists_counts() =>
        Assert.False(
            IsSame(
                """{"messages":[],"tools":[{"name":"t","inputSchema":{"enum":["a","b"]}}]}""",
                """{"messages":[],"tools":[{"name":"t","inputSchema":{"enum":["b","a"]}}]}"""
            )
        );

    [Fact]
    public void What_an_earlier_version_recorded_is_still_recognised()
    {
        var request = Read(Whole) with { Tools = [new ToolDefinition("get", null, """{"type":"object","properties":{}}""")] };
        var recorded = SHA256.HashData(TurnRequestJson.Write(request))[..16];

        Assert.True(AcceptedTurn.IsHashOf(request, recorded));
        Assert.True(new AcceptedTurn(LedgerStage.Turn(1), request, "key", TurnOwner.Local, LedgerStage.Now).HasHash(recorded));
        Assert.NotEqual(recorded, AcceptedTurn.HashOf(request));
    }

    [Fact]
    public void A_schema_that_is_no_JSON_is_compared_as_it_is()
    {
        var request = new TurnRequest(AgentId.Parse("alice"), null, null, ImmutableArray<TurnMessage>.Empty)
        {
            Tools = [new ToolDefinition("get", null, "{no json")],
        };

        Assert.Equal("{no json", request.Tools[0].Sorted().InputSchema);
    }

    private static bool IsSame(string one, string other) => AcceptedTurn.IsHashOf(Read(other), AcceptedTurn.HashOf(Read(one)));

    private static TurnRequest Read(string document)
    {
        var reading = TurnRequestJson.Read(AgentId.Parse("alice"), Encoding.UTF8.GetBytes(document));
        Assert.Empty(reading.Problems);
        return reading.Request!;
    }
}
