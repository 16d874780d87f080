using Microsoft.Win32.SafeHandles;
using Plexum.Codex.Json;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Rollouts.Forks;

/// <summary>
/// What the first record of a fork's rollout says about the thread that it was forked from. codex 0.169.0 and 0.171.0 copy nothing: the
/// fork continues the parent's file up to a byte (<c>history_base</c> with <c>thread_id</c> and <c>end_byte_offset</c>), and its own
/// file begins with the next ordinal. Older rollouts have only <c>forked_from_id</c>, and the parent's records in the fork's own file.
/// </summary>
/// <param name="Parent">The thread that was forked.</param>
/// <param name="Length">
/// How many bytes of the parent's unpacked rollout belong to the fork; null if the fork's own file has the records.
/// </param>
internal sealed record RolloutOrigin(ThreadId Parent, long? Length)
{
    private const int FirstReadBytes = 64 * 1024;

    // The record holds codex's instructions, some 20 KB; what is longer than this is not one.
    private const int MaxRecordBytes = 4 * 1024 * 1024;

    /// <summary>The origin of a rollout; null if it is no fork, or its first record cannot be read as one.</summary>
    /// <param name="file">The unpacked rollout.</param>
    /// <exception cref="RolloutAncestryException">The first record is too long.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static RolloutOrigin? Of(SafeFileHandle file)
    {
        for (var size = FirstReadBytes; size <= MaxRecordBytes; size *= 4)
        {
            var bytes = GC.AllocateUninitializedArray<byte>(size);
            var read = RandomAccess.Read(file, bytes, 0);
            var end = bytes.AsSpan(0, read).IndexOf((byte)'\n');
            if (end >= 0 || read < size)
            {
                return OfRecord(bytes.AsSpan(0, end >= 0 ? end : read));
            }
        }

        throw new RolloutAncestryException(
            FormattableString.Invariant($"its first record, which names its origin, is longer than {MaxRecordBytes} bytes")
        );
    }

    private static RolloutOrigin? OfRecord(ReadOnlySpan<byte> line)
    {
        var cursor = new JsonCursor(line.StartsWith("\uFEFF"u8) ? line[3..] : line);
        var isMeta = false;
        RolloutOrigin? origin = null;
        if (!cursor.EnterObject())
        {
            return null;
        }

        while (cursor.NextMember(out var name))
        {
            if (name.Is("type"u8))
            {
                isMeta = cursor.TakeTextOr(default).Is("session_meta"u8);
            }
            else if (name.Is("payload"u8) && cursor.Peek() == (byte)'{')
            {
                origin = OfPayload(ref cursor);
            }
            else
            {
                cursor.SkipValue();
            }
        }

        return isMeta && cursor.AtEnd() ? origin : null;
    }

    private static RolloutOrigin? OfPayload(ref JsonCursor cursor)
    {
        RolloutOrigin? continued = null;
        ThreadId? parent = null;
        cursor.EnterObject();
        while (cursor.NextMember(out var name))
        {
            if (name.Is("forked_from_id"u8))
            {
                parent = TakeThread(ref cursor);
            }
            else if (name.Is("history_base"u8) && cursor.Peek() == (byte)'{')
            {
                continued = OfBase(ref cursor);
            }
            else
            {
                cursor.SkipValue();
            }
        }

        return continued ?? (parent is { } copied ? new RolloutOrigin(copied, null) : null);
    }

    private static RolloutOrigin? OfBase(ref JsonCursor cursor)
    {
        ThreadId? parent = null;
        long length = 0;
        cursor.EnterObject();
        while (cursor.NextMember(out var name))
        {
            if (name.Is("thread_id"u8))
            {
                parent = TakeThread(ref cursor);
            }
            else if (name.Is("end_byte_offset"u8))
            {
                cursor.TakeCount(out length);
            }
            else
            {
                cursor.SkipValue();
            }
        }

        return parent is { } thread ? new RolloutOrigin(thread, length) : null;
    }

    private static ThreadId? TakeThread(ref JsonCursor cursor) =>
        ThreadId.TryParse(cursor.TakeTextOr(default).Decode(), out var thread) ? thread : null;
}
