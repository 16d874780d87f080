using System.Text.Json;
using Microsoft.Win32.SafeHandles;
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

    // Prints each line that is not blank, with the blank ones behind it, when the next such line comes: all but the last.
    private const string WithoutLast = "/[^[:space:]]/!{H;d};x;/./p";

    /// <summary>Looks at what has the name of a thread's rollout.</summary>
    public static ThreadWhereabouts Of(string path)
    {
        using var file = RegularFile.TryOpenRead(path, followLinks: false, out var problem);
        if (file is null)
        {
            return problem is null
                ? ThreadWhereabouts.Unreachable("it was there a moment ago and is not any more", "Try again.")
                : Bad(path, problem, "Put the rollout back in its place, readable and writable for this user.");
        }

        try
        {
            var (fault, remedy) = RolloutFile.IsPacked(path) ? (null, null) : FaultOf(file, path);
            return fault is null ? new ThreadWhereabouts(RolloutState.There, path) : Bad(path, fault, remedy);
        }
        catch (IOException e)
        {
            return Bad(path, $"it cannot be read ({e.Message})", null);
        }
    }

    private static ThreadWhereabouts Bad(string path, string problem, string? remedy) =>
        new(RolloutState.Unreadable, path, problem, remedy);

    private static (string? Fault, string? Remedy) FaultOf(SafeFileHandle file, string path)
    {
        var start = Read(file, 0, StartBytes);
        var meta = start.AsSpan().IndexOf("session_meta"u8);
        return start switch
        {
            [0xEF, 0xBB, 0xBF, ..] => (
                "it begins with a byte order mark, as some editors put it there",
                $"Remove the mark: sed -i '1s/^\\xEF\\xBB\\xBF//' {ShellPath.Quote(path)}."
            ),
            [0xFF, 0xFE, ..] or [0xFE, 0xFF, ..] => ("it was saved as UTF-16", "Save it as UTF-8 without a byte order mark."),
            _ when start.AsSpan().IndexOfAnyExcept((byte)0, (byte)' ', (byte)'\n') < 0 => ("it is empty", "Bring it back from a backup."),
            _ when meta < 0 => (
                "it does not begin with codex's record session_meta",
                "Bring its first line back, or the whole file from a backup."
            ),
            _ when start.AsSpan(0, meta).IndexOf("\"ordinal\":"u8) >= 0 && LastRecordHasNoOrdinal(file) => (
                "its last record has no ordinal, so codex did not write it",
                $"Remove its last record: sed -i -n '{WithoutLast}' {ShellPath.Quote(path)}."
            ),
            _ => ((string?)null, (string?)null),
        };
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
