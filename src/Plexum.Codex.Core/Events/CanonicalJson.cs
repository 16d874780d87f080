using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Plexum.Codex.Approvals;
using Plexum.Codex.Options;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Events;

/// <summary>Writes canonical events as JSON objects in UTF-8: <c>{"seq":1,"type":"text_delta","text":"…"}</c>.</summary>
public static class CanonicalJson
{
    /// <summary>How many bytes <see cref="FormatTime"/> writes.</summary>
    public const int TimeBytes = 24;

    private const string TimeFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";

    /// <summary>
    /// The options for a writer that is passed to <see cref="Write(Utf8JsonWriter, long, CanonicalEvent, ReadOnlySpan{byte})"/>. The lines
    /// are not safe to embed in HTML.
    /// </summary>
    public static JsonWriterOptions WriterOptions { get; } =
        new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    /// <summary>The event as one line without its newline.</summary>
    /// <param name="seq">The event's number in its turn, from 1.</param>
    /// <param name="value">The event.</param>
    /// <param name="at">When it was recorded; null leaves the time out.</param>
    public static byte[] ToLine(long seq, CanonicalEvent value, DateTimeOffset? at = null)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using (var json = new Utf8JsonWriter(buffer, WriterOptions))
        {
            Write(json, seq, value, at is { } moment ? FormatTime(moment, stackalloc byte[TimeBytes]) : default);
        }

        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>The time as it stands in an event, in UTC to the millisecond.</summary>
    /// <param name="at">The time.</param>
    /// <param name="buffer">Gets it: at least <see cref="TimeBytes"/>.</param>
    /// <returns>The part of the buffer that has it.</returns>
    public static ReadOnlySpan<byte> FormatTime(DateTimeOffset at, Span<byte> buffer)
    {
        at.UtcDateTime.TryFormat(buffer, out var written, TimeFormat, CultureInfo.InvariantCulture);
        return buffer[..written];
    }

    /// <summary>Writes the event as one object.</summary>
    /// <param name="json">A writer made with <see cref="WriterOptions"/>.</param>
    /// <param name="seq">The event's number in its turn, from 1.</param>
    /// <param name="value">The event.</param>
    /// <param name="at">When it was recorded, by <see cref="FormatTime"/>; nothing leaves the time out.</param>
    public static void Write(Utf8JsonWriter json, long seq, CanonicalEvent value, ReadOnlySpan<byte> at = default)
    {
        ArgumentNullException.ThrowIfNull(json);
        json.WriteStartObject();
        json.WriteNumber("seq"u8, seq);
        switch (value)
        {
            case CanonicalEvent.TextDelta e:
                json.WriteString("type"u8, "text_delta"u8);
                WriteItem(json, e.Item);
                json.WriteString("text"u8, e.Text);
                break;
            case CanonicalEvent.ThinkingDelta e:
                json.WriteString("type"u8, "thinking_delta"u8);
                WriteItem(json, e.Item);
                json.WriteString("text"u8, e.Text);
                break;
            case CanonicalEvent.Activity e:
                json.WriteString("type"u8, "activity"u8);
                json.WritePropertyName("item"u8);
                json.WriteRawValue(e.Item.Span, skipInputValidation: true);
                json.WriteString("phase"u8, e.Phase.ToWireName());
                break;
            case CanonicalEvent.Notice e:
                json.WriteString("type"u8, "notice"u8);
                json.WriteString("code"u8, e.Code);
                WriteItem(json, e.Item);
                json.WriteString("message"u8, e.Message);
                break;
            case CanonicalEvent.ApprovalRequest e:
                json.WriteString("type"u8, "approval_request"u8);
                ApprovalJson.Write(json, e.Question);
                json.WriteString("expires_at"u8, FormatTime(e.ExpiresAt, stackalloc byte[TimeBytes]));
                break;
            case CanonicalEvent.ApprovalAnswer e:
                json.WriteString("type"u8, "approval_answer"u8);
                json.WriteString("id"u8, e.Id.Value);
                json.WriteString("decision"u8, e.Decision.ToWireName());
                json.WriteString("by"u8, e.By);
                break;
            case CanonicalEvent.Steer e:
                json.WriteString("type"u8, "steer"u8);
                json.WriteString("text"u8, e.Text);
                json.WriteString("by"u8, e.By);
                if (e.IsUncertain)
                {
                    json.WriteBoolean("uncertain"u8, true);
                }

                break;
            case CanonicalEvent.ToolCall e:
                json.WriteString("type"u8, "tool_call"u8);
                json.WriteString("id"u8, e.Id);
                json.WriteString("name"u8, e.Name);
                json.WriteString("namespace"u8, e.Namespace);
                json.WriteString("arguments"u8, e.Arguments);
                break;
            case CanonicalEvent.ToolResult e:
                json.WriteString("type"u8, "tool_result"u8);
                json.WriteString("id"u8, e.Id);
                json.WriteString("output"u8, e.Output);
                json.WriteBoolean("is_error"u8, e.IsError);
                break;
            case CanonicalEvent.MessageStart e:
                json.WriteString("type"u8, "message_start"u8);
                json.WriteString("turn_id"u8, e.TurnId.Value);
                json.WriteString("agent_id"u8, e.AgentId.Value);
                json.WriteBoolean("resumed"u8, e.Resumed);
                if (e.Backend is { } backend)
                {
                    json.WriteString("backend"u8, backend.ToWireName());
                }

                if (e.BackendReason is { } reason)
                {
                    json.WriteString("backend_reason"u8, reason);
                }

                break;
            case CanonicalEvent.Error e:
                Write(json, e);
                break;
            case CanonicalEvent.MessageEnd e:
                Write(json, e);
                break;
            default:
                throw new ArgumentException(
                    $"{value?.GetType().Name ?? "null"} is not a canonical event that can be written.",
                    nameof(value)
                );
        }

        // Last, since number and type are looked for at the beginning of a line.
        if (!at.IsEmpty)
        {
            json.WriteString("at"u8, at);
        }

        json.WriteEndObject();
    }

    private static void WriteItem(Utf8JsonWriter json, string? item)
    {
        if (item is not null)
        {
            json.WriteString("item"u8, item);
        }
    }

    private static void Write(Utf8JsonWriter json, CanonicalEvent.Error e)
    {
        json.WriteString("type"u8, "error"u8);
        json.WriteString("code"u8, e.Code);
        json.WriteString("message"u8, e.Message);
        json.WriteString("class"u8, e.Class.ToWireName());
        if (e.ResetsAt is { } resetsAt)
        {
            json.WriteNumber("resets_at"u8, resetsAt.ToUnixTimeSeconds());
        }

        json.WriteBoolean("retryable"u8, e.Retryable);
    }

    private static void Write(Utf8JsonWriter json, CanonicalEvent.MessageEnd e)
    {
        json.WriteString("type"u8, "message_end"u8);
        json.WriteString("stop_reason"u8, e.StopReason.ToWireName());
        Write(json, "usage"u8, e.Usage);
        Write(json, "thread_usage"u8, e.ThreadUsage);
        json.WriteString("thread_id"u8, e.ThreadId?.ToString());
        json.WriteNumber("duration_ms"u8, (long)e.Duration.TotalMilliseconds);
        if (e.RateLimits is { } limits)
        {
            json.WriteStartObject("rate_limits"u8);
            Write(json, "primary"u8, limits.Primary);
            Write(json, "secondary"u8, limits.Secondary);
            Write(json, "other"u8, limits.Other);
            json.WriteEndObject();
        }
    }

    private static void Write(Utf8JsonWriter json, ReadOnlySpan<byte> name, RateLimitWindow? window)
    {
        if (window is null)
        {
            return;
        }

        json.WriteStartObject(name);
        json.WriteNumber("window_minutes"u8, window.WindowMinutes);
        json.WriteNumber("used_percent"u8, window.UsedPercent);
        if (window.ResetsAt is { } resetsAt)
        {
            json.WriteNumber("resets_at"u8, resetsAt.ToUnixTimeSeconds());
        }

        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, ReadOnlySpan<byte> name, Usage usage)
    {
        json.WriteStartObject(name);
        json.WriteNumber("input_tokens"u8, usage.InputTokens);
        json.WriteNumber("output_tokens"u8, usage.OutputTokens);
        json.WriteNumber("cache_read_tokens"u8, usage.CacheReadTokens);
        json.WriteNumber("thinking_tokens"u8, usage.ThinkingTokens);
        json.WriteEndObject();
    }
}
