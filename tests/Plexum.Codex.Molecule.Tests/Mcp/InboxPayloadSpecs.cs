using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Plexum.Codex.Molecule.Platform;
using Xunit;

namespace Plexum.Codex.Molecule.Mcp;

public sealed class InboxPayloadSpecs
{
    [Fact]
    public void A_message_is_read_with_all_its_fields()
    {
        var message = Arrived(
            """
            {"activity_id":"a-1","text":"hi","peer_id":"p-1","kind":"peer_agent","method":"message/send",
             "created_at":"2026-05-04T18:09:00Z","arrival_workspace_id":"w-2","peer_name":"Ann","attachments":[]}
            """
        );

        Assert.Equal(new InboundMessage("a-1", "peer_agent", "p-1", "hi", "message/send", "w-2"), message);
    }

    [Fact]
    public void The_sentinel_of_a_wait_without_a_message_is_no_message() =>
        Assert.Same(InboxPayload.TimedOut.Instance, InboxPayload.Read("""{"timeout": true, "timeout_secs": 60}"""));

    [Theory]
    [InlineData("{\"activity_id\":\"a\"")]
    [InlineData("not json")]
    [InlineData("")]
    [InlineData(null)]
    [InlineData("[1, 2]")]
    [InlineData("\"text\"")]
    [InlineData("{\"text\":\"hi\",\"kind\":\"canvas_user\"}")]
    [InlineData("{\"activity_id\":\"\",\"text\":\"hi\"}")]
    [InlineData("{\"activity_id\":7,\"text\":\"hi\"}")]
    public void Malformed_payloads_are_told_apart_from_the_sentinel(string? payload) =>
        Assert.IsType<InboxPayload.Malformed>(InboxPayload.Read(payload));

    [Theory]
    [InlineData("Error: inbox polling is not enabled in this runtime. The standalone molecule-mcp wrapper activates it; …")]
    [InlineData("  PERMISSION DENIED: RBAC says no\nstack\n  at x")]
    [InlineData("Unknown tool: wait_for_message")]
    [InlineData("DELEGATION FAILED to Ann: [A2A_ERROR] gone")]
    public void A_failure_that_is_told_as_text_is_a_failure(string payload)
    {
        var failed = Assert.IsType<InboxPayload.Failed>(InboxPayload.Read(payload));

        Assert.Equal(payload.Trim().Split('\n')[0], failed.Text);
    }

    [Theory]
    [InlineData("", "message/send", "canvas_user")]
    [InlineData("p", "message/send", "peer_agent")]
    [InlineData("p", "delegate_result", "delegation_result")]
    public void A_message_without_a_kind_gets_it_by_the_platform_s_rule(string peer, string method, string kind) =>
        Assert.Equal(
            kind,
            Arrived(
                JsonSerializer.Serialize(
                    new
                    {
                        activity_id = "a",
                        text = "x",
                        peer_id = peer,
                        method,
                    }
                )
            ).Kind
        );

    [Theory]
    [InlineData("""{"activity_id":"a","parts":[{"kind":"text","text":"one "},{"type":"text","text":"two"}]}""", "one two")]
    [InlineData("""{"activity_id":"a","request_body":{"params":{"message":{"parts":[{"kind":"text","text":"deep"}]}}}}""", "deep")]
    [InlineData("""{"activity_id":"a","summary":"in short"}""", "in short")]
    [InlineData("""{"activity_id":"a","text":"  "}""", "(empty A2A message)")]
    [InlineData("""{"activity_id":"a","text":"\ud800x"}""", "\uFFFDx")]
    public void A_message_whose_text_was_not_extracted_yields_it_all_the_same(string payload, string text) =>
        Assert.Equal(text, Arrived(payload).Text);

    [Fact]
    public void Nothing_makes_it_throw_and_what_is_written_is_read_back()
    {
        Prop.ForAll(ArbMap.Default.ArbFor<string>(), text =>
            {
                Assert.NotNull(InboxPayload.Read(text));
                var written = JsonSerializer.Serialize(
                    new
                    {
                        activity_id = "a" + text,
                        text = "t" + text,
                        peer_id = "",
                        kind = "canvas_user",
                    }
                );
                var read = Arrived(written);
                Assert.Equal(("a" + Sound(text), "t" + Sound(text)), (read.ActivityId, read.Text));
            })
            .QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Any_json_in_any_place_is_taken_without_an_exception()
    {
        var any = Gen.Elements(
            "null",
            "true",
            "1e9",
            "\"x\"",
            "\"{\"",
            "[]",
            "{}",
            "[{\"kind\":\"text\",\"text\":4}]",
            "\"\\ud800\"",
            "[null]"
        );
        var names = Gen.Elements(
            "activity_id",
            "text",
            "peer_id",
            "kind",
            "method",
            "arrival_workspace_id",
            "parts",
            "params",
            "message",
            "request_body",
            "summary",
            "timeout"
        );
        var document = names
            .SelectMany(name => any.Select(value => $"\"{name}\":{value}"))
            .ListOf()
            .Select(fields => "{" + string.Join(",", fields) + "}");
        Prop.ForAll(document.ToArbitrary(), text => Assert.NotNull(InboxPayload.Read(text))).QuickCheckThrowOnFailure();
    }

    private static InboundMessage Arrived(string payload) => Assert.IsType<InboxPayload.Arrived>(InboxPayload.Read(payload)).Message;

    // Halves of surrogate pairs cannot be written.
    private static string Sound(string? text) => System.Text.Encoding.UTF8.GetString(System.Text.Encoding.UTF8.GetBytes(text ?? ""));
}
