using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Plexum.Codex.Approvals;
using Plexum.Codex.Options;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Events;

/// <summary>Reads what <see cref="CanonicalJson"/> writes. Unknown fields are ignored, so newer versions can be read too.</summary>
public static class CanonicalJsonReader
{
    /// <summary>Reads one line.</summary>
    /// <param name="line">The object, without the newline.</param>
    /// <param name="seq">Its number; 0 if it has none.</param>
    /// <param name="value">The event.</param>
    /// <returns>False if the line is not an event, or is of a type that this version does not know.</returns>
    public static bool TryRead(ReadOnlyMemory<byte> line, out long seq, [NotNullWhen(true)] out CanonicalEvent? value)
    {
        seq = 0;
        value = null;
        try
        {
            using var json = JsonDocument.Parse(line);
            var root = json.RootElement;
            if (root.ValueKind != JsonValueKind.Object)
            {
                return false;
            }

            seq = Number(root, "seq");
            value = Read(root);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException)
        {
            // Not JSON, or not UTF-8.
        }

        return value is not null;
    }

    private static CanonicalEvent? Read(JsonElement e) =>
        Text(e, "type") switch
        {
            "message_start" => TurnId.TryParse(Text(e, "turn_id"), out var turn) && AgentId.TryParse(Text(e, "agent_id"), out var agent)
                ? new CanonicalEvent.MessageStart(turn, agent, Flag(e, "resumed"))
                {
                    Backend = BackendKinds.TryParse(Text(e, "backend"), out var backend) ? backend : null,
                    BackendReason = Text(e, "backend_reason"),
                }
                : null,
            "text_delta" => new CanonicalEvent.TextDelta(Text(e, "text") ?? "") { Item = Text(e, "item") },
            "thinking_delta" => new CanonicalEvent.ThinkingDelta(Text(e, "text") ?? "") { Item = Text(e, "item") },
            "activity" => e.TryGetProperty("item", out var item)
                ? new CanonicalEvent.Activity(System.Text.Encoding.UTF8.GetBytes(item.GetRawText()), WireNames.ParsePhase(Text(e, "phase")))
                : null,
            "notice" => new CanonicalEvent.Notice(Text(e, "code") ?? "", Text(e, "message") ?? "") { Item = Text(e, "item") },
            "approval_request" => ApprovalJson.Read(e) is { } question
                ? new CanonicalEvent.ApprovalRequest(question, Time(e, "expires_at"))
                : null,
            "approval_answer" => ApprovalId.TryParse(Text(e, "id"), out var asked)
            && ApprovalDecisions.TryParse(Text(e, "decision"), out var decision)
                ? new CanonicalEvent.ApprovalAnswer(asked, decision, Text(e, "by") ?? "")
                : null,
            "steer" => new CanonicalEvent.Steer(Text(e, "text") ?? "", Text(e, "by") ?? "") { IsUncertain = Flag(e, "uncertain") },
            "tool_call" => new CanonicalEvent.ToolCall(
                Text(e, "id") ?? "",
                Text(e, "name") ?? "",
                Text(e, "namespace"),
                Text(e, "arguments") ?? ""
            ),
            "tool_result" => new CanonicalEvent.ToolResult(Text(e, "id") ?? "", Text(e, "output") ?? "", Flag(e, "is_error")),
            "error" => new CanonicalEvent.Error(
                Text(e, "code") ?? "",
                Text(e, "message") ?? "",
                TurnErrorClassNames.Parse(Text(e, "class")),
                Moment(e, "resets_at"),
                Flag(e, "retryable")
            ),
            "message_end" => new CanonicalEvent.MessageEnd(
                WireNames.ParseStopReason(Text(e, "stop_reason")),
                ReadUsage(e, "usage"),
                ReadUsage(e, "thread_usage"),
                ThreadId.TryParse(Text(e, "thread_id"), out var thread) ? thread : null,
                TimeSpan.FromMilliseconds(Number(e, "duration_ms")),
                Section(e, "rate_limits") is { } limits
                    ? new RateLimits(ReadWindow(limits, "primary"), ReadWindow(limits, "secondary")) { Other = ReadWindow(limits, "other") }
                    : null
            ),
            _ => null,
        };

    private static RateLimitWindow? ReadWindow(JsonElement parent, string name) =>
        Section(parent, name) is { } e
            ? new RateLimitWindow(
                Number(e, "window_minutes"),
                e.TryGetProperty("used_percent", out var used) && used.ValueKind == JsonValueKind.Number ? used.GetDouble() : 0,
                Moment(e, "resets_at")
            )
            : null;

    private static JsonElement? Section(JsonElement e, string name) =>
        e.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Object ? value : null;

    private static DateTimeOffset Time(JsonElement e, string name) =>
        e.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String && value.TryGetDateTimeOffset(out var time)
            ? time
            : default;

    // As codex has it.
    private static DateTimeOffset? Moment(JsonElement e, string name) =>
        Number(e, name) is > 0 and < 253_402_300_800 and var seconds ? DateTimeOffset.FromUnixTimeSeconds(seconds) : null;

    private static Usage ReadUsage(JsonElement parent, string name) =>
        parent.TryGetProperty(name, out var e) && e.ValueKind == JsonValueKind.Object
            ? new Usage(Number(e, "input_tokens"), Number(e, "output_tokens"), Number(e, "cache_read_tokens"), Number(e, "thinking_tokens"))
            : Usage.Zero;

    private static string? Text(JsonElement e, string name) =>
        e.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static long Number(JsonElement e, string name) =>
        e.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var number) ? number : 0;

    private static bool Flag(JsonElement e, string name) => e.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.True;
}
