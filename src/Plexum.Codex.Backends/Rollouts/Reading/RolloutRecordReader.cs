using Plexum.Codex.Json;
using Plexum.Codex.Rollouts.Reading.Fields;

namespace Plexum.Codex.Rollouts.Reading;

/// <summary>
/// Decodes one record of a rollout without allocation. Unknown types, fields and shapes are ignored, and a line that is not JSON is of
/// kind <see cref="RolloutRecordKind.Other"/>, with a mark if it began as a count of tokens or may have been a message. An item is read
/// only up to its status.
/// </summary>
internal static class RolloutRecordReader
{
    public static RolloutRecord Read(ReadOnlySpan<byte> line)
    {
        RolloutRecord record = default;
        var cursor = new JsonCursor(line);
        var outer = default(JsonText);
        var written = default(ReadOnlySpan<byte>);
        var isEntered = false;
        if (!cursor.EnterObject())
        {
            record.MayBeMessage = line.ContainsAnyExcept(" \t\r"u8);
            return record;
        }

        while (cursor.NextMember(out var name))
        {
            if (name.Is("type"u8))
            {
                outer = cursor.TakeTextOr(outer);
            }
            else if (name.Is("timestamp"u8))
            {
                written = cursor.TakeRaw();
            }
            else if (name.Is("payload"u8) && cursor.Peek() == (byte)'{')
            {
                record = default;
                record.Written = written;
                isEntered = true;
                if (!ReadPayload(ref cursor, ref record))
                {
                    return record;
                }
            }
            else
            {
                cursor.SkipValue();
            }
        }

        if (cursor.AtEnd())
        {
            record.MayBeMessage = false;
            return outer.Is(OuterOf(record.Kind)) ? record : default;
        }

        var isCount = record.Kind == RolloutRecordKind.Tokens;
        var mayBeMessage = (!isEntered || record.MayBeMessage) && (outer.IsEmpty || outer.Is("event_msg"u8));
        record = default;
        (record.IsUnreadableCount, record.MayBeMessage) = (isCount, mayBeMessage);
        return record;
    }

    private static ReadOnlySpan<byte> OuterOf(RolloutRecordKind kind) =>
        kind is RolloutRecordKind.Call or RolloutRecordKind.Output ? "response_item"u8 : "event_msg"u8;

    /// <summary>False if the rest of the line need not be read.</summary>
    private static bool ReadPayload(ref JsonCursor cursor, ref RolloutRecord record)
    {
        var id = default(JsonText);
        var isShell = false;
        var isTyped = false;
        bool? isMessage = null;
        cursor.EnterObject();
        while (cursor.NextMember(out var name))
        {
            if (name.Is("type"u8))
            {
                var type = cursor.TakeTextOr(default);
                isTyped = !cursor.Failed;
                record.Kind = KindOf(type);
                isShell = type.Is("local_shell_call"u8);
                record.IsTurnEnd = type.Is("task_complete"u8) || type.Is("turn_complete"u8);
            }
            else if (name.Is("item"u8))
            {
                if (ReadItem(ref cursor, ref record, ref isMessage) && record.Kind == RolloutRecordKind.Item && !cursor.Failed)
                {
                    return false;
                }
            }
            else if (name.Is("call_id"u8))
            {
                record.CallId = cursor.TakeTextOr(record.CallId);
            }
            else if (name.Is("id"u8))
            {
                id = cursor.TakeTextOr(id);
            }
            else if (name.Is("name"u8))
            {
                record.Name = cursor.TakeTextOr(record.Name);
            }
            else if (name.Is("namespace"u8))
            {
                record.Namespace = cursor.TakeTextOr(record.Namespace);
            }
            else if (name.Is("arguments"u8) || name.Is("input"u8))
            {
                record.Arguments = cursor.TakeTextOr(record.Arguments);
            }
            else if (name.Is("action"u8))
            {
                record.Arguments = new JsonText(cursor.TakeRaw(), escaped: false);
            }
            else if (name.Is("output"u8))
            {
                record.Output = cursor.TakeRaw();
            }
            else
            {
                ReadOfEvent(ref cursor, name, ref record);
            }
        }

        if (isShell)
        {
            record.Name = new JsonText("local_shell"u8, escaped: false);
            record.CallId = record.CallId.IsEmpty ? id : record.CallId;
        }

        record.Kind = isMessage == true && record.Kind == RolloutRecordKind.Item ? RolloutRecordKind.Message : record.Kind;
        record.MayBeMessage = record.Kind switch
        {
            RolloutRecordKind.Message => true,
            RolloutRecordKind.Item => isMessage is null,
            RolloutRecordKind.Other => !isTyped,
            _ => false,
        };
        return true;
    }

    private static RolloutRecordKind KindOf(JsonText type)
    {
        if (type.Is("function_call_output"u8) || type.Is("custom_tool_call_output"u8))
        {
            return RolloutRecordKind.Output;
        }

        if (type.Is("function_call"u8) || type.Is("custom_tool_call"u8) || type.Is("local_shell_call"u8))
        {
            return RolloutRecordKind.Call;
        }

        if (type.Is("item_completed"u8))
        {
            return RolloutRecordKind.Item;
        }

        if (type.Is("token_count"u8))
        {
            return RolloutRecordKind.Tokens;
        }

        if (type.Is("agent_message"u8))
        {
            return RolloutRecordKind.Message;
        }

        return type.Is("task_complete"u8) || type.Is("turn_complete"u8) || type.Is("error"u8)
            ? RolloutRecordKind.End
            : RolloutRecordKind.Other;
    }

    private static void ReadOfEvent(ref JsonCursor cursor, JsonText name, ref RolloutRecord record)
    {
        if (name.Is("info"u8) && cursor.Peek() == (byte)'{')
        {
            ReadInfo(ref cursor, ref record);
        }
        else if (name.Is("rate_limits"u8) || name.Is("rateLimits"u8))
        {
            record.RateLimits = RateLimitFields.Read(ref cursor, record.Written, ref record.RateLimitProblem);
        }
        else if (name.Is("message"u8))
        {
            record.Message = cursor.TakeRaw();
        }
        else if (name.Is("last_agent_message"u8))
        {
            record.Answer = cursor.TakeRaw();
        }
        else if (name.Is("phase"u8))
        {
            record.Phase = cursor.TakeTextOr(record.Phase);
        }
        else if (name.Is("error"u8) && cursor.Peek() == (byte)'{')
        {
            ReadError(ref cursor, ref record);
        }
        else if (name.Is("codex_error_info"u8))
        {
            ReadErrorInfo(ref cursor, ref record);
        }
        else
        {
            cursor.SkipValue();
        }
    }

    /// <summary>True if the rest of the item need not be read.</summary>
    private static bool ReadItem(ref JsonCursor cursor, ref RolloutRecord record, ref bool? isMessage)
    {
        if (cursor.Peek() != (byte)'{')
        {
            cursor.SkipValue();
            return false;
        }

        cursor.EnterObject();
        while (cursor.NextMember(out var name))
        {
            if (name.Is("type"u8))
            {
                var type = cursor.TakeTextOr(default);
                isMessage = cursor.Failed ? null : type.Is("AgentMessage"u8);
                if (isMessage == false && !type.Is("CommandExecution"u8) && !type.Is("McpToolCall"u8) && !type.Is("DynamicToolCall"u8))
                {
                    return true;
                }
            }
            else if (name.Is("id"u8))
            {
                record.CallId = cursor.TakeTextOr(record.CallId);
            }
            else if (name.Is("content"u8))
            {
                record.Message = cursor.TakeRaw();
            }
            else if (name.Is("phase"u8))
            {
                record.Phase = cursor.TakeTextOr(record.Phase);
            }
            else if (isMessage != true && name.Is("status"u8))
            {
                record.Failed = cursor.TakeTextOr(default).Is("failed"u8);
                return !record.CallId.IsEmpty;
            }
            else
            {
                cursor.SkipValue();
            }
        }

        return false;
    }

    private static void ReadInfo(ref JsonCursor cursor, ref RolloutRecord record)
    {
        cursor.EnterObject();
        while (cursor.NextMember(out var name))
        {
            if (name.Is("total_token_usage"u8))
            {
                record.HasUsage |= TokenCounts.TryRead(ref cursor, ref record.Usage);
            }
            else
            {
                cursor.SkipValue();
            }
        }
    }

    private static void ReadError(ref JsonCursor cursor, ref RolloutRecord record)
    {
        cursor.EnterObject();
        while (cursor.NextMember(out var name))
        {
            if (name.Is("codex_error_info"u8))
            {
                ReadErrorInfo(ref cursor, ref record);
            }
            else
            {
                cursor.SkipValue();
            }
        }
    }

    /// <summary><c>"usage_limit_exceeded"</c>, or with details <c>{"http_connection_failed":{"http_status_code":503}}</c>.</summary>
    private static void ReadErrorInfo(ref JsonCursor cursor, ref RolloutRecord record)
    {
        if (cursor.Peek() != (byte)'{')
        {
            record.ErrorName = cursor.TakeTextOr(default);
            return;
        }

        cursor.EnterObject();
        while (cursor.NextMember(out var kind))
        {
            record.ErrorName = kind;
            if (cursor.Peek() != (byte)'{')
            {
                cursor.SkipValue();
                continue;
            }

            cursor.EnterObject();
            while (cursor.NextMember(out var name))
            {
                if (name.Is("http_status_code"u8))
                {
                    cursor.TakeCount(out record.ErrorStatus);
                }
                else
                {
                    cursor.SkipValue();
                }
            }
        }
    }
}
