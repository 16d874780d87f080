using System.Buffers;
using System.Text;

namespace Plexum.Codex.Rollouts.Reading;

/// <summary>
/// Rules out most records by their first bytes, without parsing them. codex writes
/// <c>{"timestamp":"…","ordinal":1,"type":"response_item","payload":{"type":"function_call",…</c>, older versions without the
/// ordinal. A record that begins differently may matter.
/// </summary>
internal static class RolloutHead
{
    /// <summary>How many bytes of a record are enough to judge it.</summary>
    public const int Bytes = 256;

    private static readonly SearchValues<byte> NameBytes = SearchValues.Create(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-./"u8
    );

    private static ReadOnlySpan<byte> Event => "event_msg\",\"payload\":{\"type\":\""u8;

    private static ReadOnlySpan<byte> Started => "task_started\""u8;

    /// <summary>False only if <see cref="RolloutRecordReader"/> would certainly ignore the record.</summary>
    /// <param name="record">The record or its beginning.</param>
    public static bool MayMatter(ReadOnlySpan<byte> record)
    {
        var rest = record[..Math.Min(record.Length, Bytes)];
        if (!SkipToType(ref rest))
        {
            return true;
        }

        if (Skip(ref rest, "response_item\",\"payload\":{\"type\":\""u8))
        {
            return Starts(rest, "function_call"u8)
                || Starts(rest, "custom_tool_call"u8)
                || Starts(rest, "local_shell_call"u8)
                || !IsName(rest);
        }

        if (Skip(ref rest, Event))
        {
            return Starts(rest, Started)
                || Starts(rest, "token_count\""u8)
                || Starts(rest, "item_completed\""u8)
                || Starts(rest, "task_complete\""u8)
                || Starts(rest, "turn_complete\""u8)
                || Starts(rest, "agent_message\""u8)
                || Starts(rest, "error\""u8)
                || !IsName(rest);
        }

        return Starts(rest, "response_item\""u8) || Starts(rest, "event_msg\""u8) || !IsName(rest);
    }

    /// <summary>
    /// Whether another turn begins with a record: a <c>task_started</c>, which names its turn (measured on 0.169.0 and 0.171.0).
    /// </summary>
    /// <param name="record">The whole record.</param>
    /// <param name="turn">Codex's id of the turn that is read.</param>
    public static bool BeginsAnother(ReadOnlySpan<byte> record, string turn)
    {
        var rest = record;
        return SkipToType(ref rest)
            && Skip(ref rest, Event)
            && rest.StartsWith(Started)
            && rest.IndexOf(Encoding.UTF8.GetBytes($"\"turn_id\":\"{turn}\"")) < 0;
    }

    private static bool SkipToType(ref ReadOnlySpan<byte> rest) =>
        Skip(ref rest, "{\"timestamp\":\""u8) && SkipPast(ref rest, (byte)'"') && SkipOrdinal(ref rest) && Skip(ref rest, ",\"type\":\""u8);

    private static bool SkipOrdinal(ref ReadOnlySpan<byte> rest)
    {
        if (!Skip(ref rest, ",\"ordinal\":"u8))
        {
            return true;
        }

        var digits = rest.IndexOfAnyExceptInRange((byte)'0', (byte)'9');
        rest = digits > 0 ? rest[digits..] : [];
        return digits > 0;
    }

    private static bool Skip(ref ReadOnlySpan<byte> rest, ReadOnlySpan<byte> expected)
    {
        var starts = rest.StartsWith(expected);
        rest = starts ? rest[expected.Length..] : rest;
        return starts;
    }

    private static bool SkipPast(ref ReadOnlySpan<byte> rest, byte end)
    {
        var found = rest.IndexOf(end);
        rest = rest[(found + 1)..];
        return found >= 0;
    }

    // What is torn or overwritten in the midst of a name may have been anything.
    private static bool IsName(ReadOnlySpan<byte> rest)
    {
        var end = rest.IndexOfAnyExcept(NameBytes);
        return end >= 0 && rest[end] == (byte)'"';
    }

    // A name that the end of the head truncates may still match.
    private static bool Starts(ReadOnlySpan<byte> rest, ReadOnlySpan<byte> name) =>
        rest.Length < name.Length ? name.StartsWith(rest) : rest.StartsWith(name);
}
