using System.Text;
using Plexum.Codex.Json;
using Plexum.Codex.Rollouts.Locating;

namespace Plexum.Codex.Rollouts.Reading;

/// <summary>Arguments and outputs as text of limited size; truncated text ends with a marker.</summary>
internal static class CallText
{
    /// <summary>The text, truncated with a marker if it is longer than <paramref name="max"/> bytes.</summary>
    public static string Limited(JsonText text, int max)
    {
        var shown = text.DecodeUpTo(max, out var isWhole);
        return isWhole ? shown : shown + RolloutLimits.CutMark(Encoding.UTF8.GetByteCount(shown), text.Raw.Length);
    }

    /// <summary>
    /// An output as text: a string unchanged, the text parts of a list on separate lines, or the content of an object (old versions).
    /// </summary>
    /// <param name="output">The output as JSON.</param>
    /// <param name="max">The maximum length in bytes.</param>
    /// <param name="failed">Whether the output says that the tool failed.</param>
    public static string Output(ReadOnlySpan<byte> output, int max, out bool failed)
    {
        failed = false;
        var cursor = new JsonCursor(output);
        switch (cursor.Peek())
        {
            case (byte)'"':
                cursor.TakeString(out var text);
                failed = SaysFailure(text);
                return Limited(text, max);
            case (byte)'[':
                return OfParts(ref cursor, max);
            case (byte)'{':
                return OfObject(ref cursor, max, out failed);
            default:
                return "";
        }
    }

    // {"content":"…","success":false}; the content is a string or a list.
    private static string OfObject(ref JsonCursor cursor, int max, out bool failed)
    {
        failed = false;
        var content = "";
        cursor.EnterObject();
        while (cursor.NextMember(out var name))
        {
            if (name.Is("success"u8))
            {
                failed = cursor.TakeRaw().SequenceEqual("false"u8);
            }
            else if (name.Is("content"u8))
            {
                content = Output(cursor.TakeRaw(), max, out _);
            }
            else
            {
                cursor.SkipValue();
            }
        }

        return content;
    }

    private static string OfParts(ref JsonCursor cursor, int max)
    {
        var result = new StringBuilder();
        var (room, length, isCut, isFirst) = (max, 0L, false, true);
        cursor.EnterArray();
        while (cursor.NextElement())
        {
            if (!TextOfPart(ref cursor, out var text))
            {
                continue;
            }

            length += text.Raw.Length;
            if (!isFirst && room-- > 0)
            {
                result.Append('\n');
            }

            isFirst = false;
            var isWhole = text.IsEmpty;
            var shown = room > 0 ? text.DecodeUpTo(room, out isWhole) : "";
            isCut |= !isWhole;
            room -= Encoding.UTF8.GetByteCount(shown);
            result.Append(shown);
        }

        return isCut ? result.Append(RolloutLimits.CutMark(max - Math.Max(0, room), length)).ToString() : result.ToString();
    }

    private static bool TextOfPart(ref JsonCursor cursor, out JsonText text)
    {
        text = default;
        if (cursor.Peek() != (byte)'{')
        {
            cursor.SkipValue();
            return false;
        }

        var found = false;
        cursor.EnterObject();
        while (cursor.NextMember(out var name))
        {
            if (name.Is("text"u8) && cursor.Peek() == (byte)'"')
            {
                found = cursor.TakeString(out text);
            }
            else
            {
                cursor.SkipValue();
            }
        }

        return found;
    }

    // Outputs of codex's own shell tools begin with "Exit code: 1", or have "Process exited with code 1" some lines below.
    private static bool SaysFailure(JsonText output)
    {
        var head = output.DecodeUpTo(200, out _);
        return IsOther(head, "Exit code: ", head.StartsWith("Exit code: ", StringComparison.Ordinal) ? 0 : -1)
            || (
                head.StartsWith("Chunk ID: ", StringComparison.Ordinal)
                && IsOther(head, "Process exited with code ", head.IndexOf("\nProcess exited with code ", StringComparison.Ordinal) + 1)
            );
    }

    private static bool IsOther(string head, string before, int at) =>
        at >= 0
        && head.AsSpan(at).StartsWith(before, StringComparison.Ordinal)
        && head.Length > at + before.Length
        && !head.AsSpan(at + before.Length).StartsWith("0\n", StringComparison.Ordinal)
        && !head.AsSpan(at + before.Length).SequenceEqual("0");
}
