using System.Text.Json.Nodes;
using Plexum.Codex.Approvals;
using Plexum.Codex.Events;
using Plexum.Codex.Host.Api.Http;
using Plexum.Codex.Options;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Host.Api;

/// <summary>The OpenAPI document has every event with every field.</summary>
public sealed class EventSchemaSpecs
{
    private static readonly RateLimitWindow Window = new(300, 100, DateTimeOffset.UnixEpoch);
    private static readonly ThreadId Thread = ThreadId.Parse("0199a213-81c0-7800-8aa1-bbab2a035a53");

    // One of each kind, with all that it may have.
    private static readonly CanonicalEvent[] Events =
    [
        new CanonicalEvent.MessageStart(TurnId.New(TimeProvider.System), AgentId.Parse("alice"), Resumed: true)
        {
            Backend = BackendKind.Exec,
            BackendReason = "x",
        },
        new CanonicalEvent.TextDelta("x") { Item = "i" },
        new CanonicalEvent.ThinkingDelta("x") { Item = "i" },
        new CanonicalEvent.Activity("{}"u8.ToArray(), ActivityPhase.Started),
        new CanonicalEvent.Notice("code", "x") { Item = "i" },
        new CanonicalEvent.ApprovalRequest(
            new ApprovalQuestion(ApprovalId.Of(TurnId.Parse("t"), "0"), ApprovalKind.Command)
            {
                Item = "call_1",
                Command = "x",
                Cwd = "/",
                Reason = "x",
                Details = "{}",
                IsCut = true,
            },
            DateTimeOffset.UnixEpoch
        ),
        new CanonicalEvent.ApprovalAnswer(ApprovalId.Of(TurnId.Parse("t"), "0"), ApprovalDecision.Accept, "owner"),
        new CanonicalEvent.Steer("x", "owner") { IsUncertain = true },
        new CanonicalEvent.ToolCall("call_1", "name", "space", "{}"),
        new CanonicalEvent.ToolResult("call_1", "x", IsError: true),
        new CanonicalEvent.Error("code", "x", TurnErrorClass.UsageLimit, DateTimeOffset.UnixEpoch, Retryable: true),
        new CanonicalEvent.MessageEnd(
            StopReason.EndTurn,
            Usage.Zero,
            Usage.Zero,
            Thread,
            TimeSpan.FromSeconds(1),
            new RateLimits(Window, Window) { Other = Window }
        ),
    ];

    private static readonly JsonObject Schemas = JsonNode.Parse(OpenApi.Open())!["components"]!["schemas"]!.AsObject();

    [Fact]
    public void Every_event_has_the_fields_that_the_document_tells_of()
    {
        var mapping = Schemas["Event"]!["discriminator"]!["mapping"]!.AsObject();
        var kinds = typeof(CanonicalEvent).GetNestedTypes().Where(type => type.IsSubclassOf(typeof(CanonicalEvent)));
        Assert.Equal(kinds.Count(), mapping.Count);
        Assert.Equal(kinds.Select(kind => kind.Name).Order(StringComparer.Ordinal), Events.Select(NameOf).Order(StringComparer.Ordinal));

        foreach (var value in Events)
        {
            var written = JsonNode.Parse(CanonicalJson.ToLine(1, value, DateTimeOffset.UnixEpoch))!.AsObject();
            var schema = SchemaAt((string)mapping[(string)written["type"]!]!);

            Assert.Equal((string)written["type"]!, (string)schema["properties"]!["type"]!["const"]!);
            Same(written, schema);
        }
    }

    [Fact]
    public void Every_event_s_schema_is_one_of_the_choices()
    {
        var choices = Schemas["Event"]!["oneOf"]!.AsArray().Select(choice => (string)choice!["$ref"]!);

        Assert.Equal(
            Schemas["Event"]!["discriminator"]!["mapping"]!.AsObject().Select(item => (string)item.Value!).Order(StringComparer.Ordinal),
            choices.Order(StringComparer.Ordinal)
        );
    }

    private static void Same(JsonObject written, JsonObject schema)
    {
        var properties = schema["properties"]!.AsObject();
        Assert.Equal(
            written.Select(field => field.Key).Order(StringComparer.Ordinal),
            properties.Select(field => field.Key).Order(StringComparer.Ordinal)
        );
        foreach (var (name, value) in written)
        {
            if (value is JsonObject inner && properties[name]!["$ref"] is { } reference)
            {
                Same(inner, SchemaAt((string)reference!));
            }
        }
    }

    private static string NameOf(CanonicalEvent value) => value.GetType().Name;

    private static JsonObject SchemaAt(string reference) => Schemas[reference.Split('/')[^1]]!.AsObject();
}
