using System.Text.Json;
using Microsoft.Win32.SafeHandles;
using Plexum.Codex.Json;
using Plexum.Codex.Posix;
using Plexum.Codex.Posix.Paths;
using Plexum.Codex.Rollouts.Locating;

namespace Plexum.Codex.Rollouts.Whereabouts;

/// <summary>
/// Looks for the faults of a rollout for which codex does not load it, by its first and its last bytes. Each was measured on 0.169.0 and
/// 0.171.0; docs/rollouts.md has codex's words for them. A rollout without these faults may have others.
/// </summary>
internal static class RolloutCheck
{
    private const int StartBytes = 1024;
    private const int EndBytes = 256 * 1024;

    // Its instructions make it tens of KiB long.
    private const int MaxFirstLineBytes = 4 * 1024 * 1024;

    // Prints what it has read whenever it meets a record that begins as codex's records do, so not what is behind the last of them.
    private const string UpToLastOrdinal = """H;/^{ *\("timestamp" *: *"[^"]*" *, *\)\{0,1\}"ordinal" *:/{x;s/^\n//;p;z;x}""";

    /// <summary>Looks at what has the name of a thread's rollout.</summary>
    public static ThreadWhereabouts Of(string path)
    {
        using var file = RegularFile.TryOpenRead(path, followLinks: false, out var problem);
        if (file is null)
        {
            return problem is null
                ? ThreadWhereabouts.Unreachable("it was there a moment ago and is not any more", "Try again.")
                : ThreadWhereabouts.Unreadable(path, problem, "Put the rollout back in its place, readable and writable for this user.");
        }

        try
        {
            var found = RolloutFile.IsPacked(path) ? OfPacked(file, path) : OfPlain(file, path);
            return found.State == RolloutState.Unreadable && found.Command is null && HasWholeCopy(path)
                ? found with
                {
                    Remedy = "A whole copy, compressed, is beside it, which codex takes when this one is removed.",
                    Command = $"rm {ShellPath.Quote(path)}",
                }
                : found;
        }
        catch (IOException e)
        {
            return ThreadWhereabouts.Unreadable(path, $"it cannot be read ({e.Message})");
        }
    }

    private static ThreadWhereabouts OfPacked(SafeFileHandle file, string path) =>
        DamageOf(file) is { } how
            ? ThreadWhereabouts.Unreadable(path, $"it is compressed, and {how}", "Bring it back from a backup.")
            : new ThreadWhereabouts(RolloutState.There, path);

    private static string? DamageOf(SafeFileHandle file)
    {
        try
        {
            _ = ZstdFile.Unpack(file, target: null, long.MaxValue);
            return null;
        }
        catch (DamagedZstdException e)
        {
            return e.How;
        }
    }

    // codex takes the plain one of two, even if it is only a part, as after a crash while it unpacked.
    private static bool HasWholeCopy(string path)
    {
        using var copy = RolloutFile.IsPacked(path)
            ? null
            : RegularFile.TryOpenRead(RolloutFile.PackedPathOf(path), followLinks: false, out _);
        return copy is not null && DamageOf(copy) is null;
    }

    private static ThreadWhereabouts OfPlain(SafeFileHandle file, string path)
    {
        var start = Read(file, 0, StartBytes);
        var meta = start.AsSpan().IndexOf("session_meta"u8);
        return start switch
        {
            [0xEF, 0xBB, 0xBF, ..] => ThreadWhereabouts.Unreadable(
                path,
                "it begins with a byte order mark, as some editors put it there",
                "Remove the mark.",
                $"sed -i '1s/^\\(\\xEF\\xBB\\xBF\\)*//' {ShellPath.Quote(path)}"
            ),
            [0xFF, 0xFE, ..] or [0xFE, 0xFF, ..] => ThreadWhereabouts.Unreadable(
                path,
                "it was saved as UTF-16",
                "Save it as UTF-8 without a byte order mark."
            ),
            _ when start.AsSpan().IndexOfAnyExcept((byte)0, (byte)' ', (byte)'\n') < 0 => ThreadWhereabouts.Unreadable(
                path,
                "it is empty",
                "Bring it back from a backup."
            ),
            _ when meta < 0 => ThreadWhereabouts.Unreadable(
                path,
                "it does not begin with codex's record session_meta",
                "Bring its first line back, or the whole file from a backup."
            ),
            _ when IsFirstLineTorn(file) => ThreadWhereabouts.Unreadable(
                path,
                "its first line is torn",
                "Bring that line back, or the whole file from a backup."
            ),
            _ when start.AsSpan(0, meta).IndexOf("\"ordinal\":"u8) >= 0 && LastRecordHasNoOrdinal(file) => ThreadWhereabouts.Unreadable(
                path,
                "its last record has no ordinal, so codex did not write it",
                "Remove all records without one from its end.",
                $"sed -i -n '{UpToLastOrdinal}' {ShellPath.Quote(path)}"
            ),
            _ => new ThreadWhereabouts(RolloutState.There, path),
        };
    }

    private static bool IsFirstLineTorn(SafeFileHandle file)
    {
        ReadOnlySpan<byte> start = Read(file, 0, (int)Math.Min(RandomAccess.GetLength(file), MaxFirstLineBytes));
        var end = start.IndexOf((byte)'\n');
        if (end < 0 && start.Length == MaxFirstLineBytes)
        {
            return false;
        }

        var cursor = new JsonCursor(end < 0 ? start : start[..end]);
        return !cursor.SkipValue() || !cursor.AtEnd();
    }

    // codex skips a last line that is not JSON (measured).
    private static bool LastRecordHasNoOrdinal(SafeFileHandle file)
    {
        var length = RandomAccess.GetLength(file);
        var from = Math.Max(0, length - EndBytes);
        ReadOnlySpan<byte> end = Read(file, from, EndBytes);
        end = end.TrimEnd("\r\n "u8);
        var line = end.LastIndexOf((byte)'\n') + 1;
        if (line == 0 && from > 0)
        {
            return false;
        }

        var reader = new Utf8JsonReader(end[line..]);
        try
        {
            return JsonDocument.TryParseValue(ref reader, out var record) && HasNoOrdinal(record);
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static bool HasNoOrdinal(JsonDocument record)
    {
        using (record)
        {
            return record.RootElement.ValueKind == JsonValueKind.Object && !record.RootElement.TryGetProperty("ordinal", out _);
        }
    }

    private static byte[] Read(SafeFileHandle file, long from, int max)
    {
        var bytes = new byte[max];
        var read = RandomAccess.Read(file, bytes, from);
        return read == max ? bytes : bytes[..read];
    }
}
