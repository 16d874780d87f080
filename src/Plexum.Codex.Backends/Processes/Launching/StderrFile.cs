using System.Globalization;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Plexum.Codex.Processes.Launching;

/// <summary>
/// codex's stderr. It is for people and never parsed as protocol: it can contain text that looks like events, and alarming errors in
/// healthy runs. The file keeps all of it, up to a cap.
/// </summary>
public static class StderrFile
{
    /// <summary>The maximum length of the tail that is shown when a turn fails, in bytes.</summary>
    public const int TailBytes = 2048;

    private const string Prefix = "\n[… ";
    private const string Suffix = " bytes of stderr cut …]\n";

    /// <summary>Noise may come last, so more is read than is shown.</summary>
    private const int WindowBytes = 8 * TailBytes;

    /// <summary>What codex prints in every healthy run, and the header of its stack traces (0.169.0).</summary>
    private static readonly string[] Chatter =
    [
        "Reading additional input from stdin...",
        "Reading prompt from stdin...",
        "Stack backtrace:",
        "WARNING: proceeding, even though we could not create PATH aliases",
    ];

    /// <summary>
    /// The last two KiB of stderr without the lines that are always there. Invalid UTF-8 becomes U+FFFD.
    /// </summary>
    /// <param name="path">The file; a missing one is empty.</param>
    /// <param name="from">Where this process's part begins, if an earlier one wrote to the file too.</param>
    public static string ReadTail(string path, long from = 0)
    {
        try
        {
            using var file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            var lines = Encoding.UTF8.GetString(ReadEnd(file, from, WindowBytes)).Split('\n').Where(IsWorthTelling);
            var told = Encoding.UTF8.GetBytes(string.Join('\n', lines).Trim());
            return Encoding.UTF8.GetString(LastWhole(told, TailBytes)).Trim();
        }
        catch (IOException)
        {
            return "";
        }
    }

    /// <summary>The length of the file in bytes; 0 if there is none.</summary>
    public static long Length(string path)
    {
        var file = new FileInfo(path);
        return file.Exists ? file.Length : 0;
    }

    /// <summary>
    /// Truncates the file if it has outgrown the cap: it keeps its start, a marker with the number of bytes removed, the last two KiB,
    /// and what codex writes from now on. Call it regularly while codex runs and once afterwards.
    /// </summary>
    /// <param name="path">The file, open for appending in codex.</param>
    /// <param name="capBytes">How many bytes of its start are kept.</param>
    /// <returns>Whether anything was removed.</returns>
    /// <exception cref="IOException">The file cannot be changed.</exception>
    public static bool EnforceCap(string path, long capBytes)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(capBytes, TailBytes);
        using var file = File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
        var length = RandomAccess.GetLength(file);

        // Truncate only when it pays, not for every line after the first time.
        if (length <= capBytes + (capBytes / 4) + TailBytes)
        {
            return false;
        }

        var cut = length - capBytes - TailBytes + EarlierCut(file, capBytes);
        var mark = string.Create(CultureInfo.InvariantCulture, $"{Prefix}{cut}{Suffix}");
        var tail = ReadEnd(file, 0, TailBytes);

        // codex appends, so its later output lands after the new end.
        RandomAccess.SetLength(file, capBytes);
        RandomAccess.Write(file, [.. Encoding.UTF8.GetBytes(mark), .. tail], capBytes);
        return true;
    }

    /// <summary>The number of bytes that an earlier marker at the cap reports, minus the marker itself.</summary>
    private static long EarlierCut(SafeFileHandle file, long capBytes)
    {
        Span<byte> bytes = stackalloc byte[64];
        var text = Encoding.UTF8.GetString(bytes[..RandomAccess.Read(file, bytes, capBytes)]);
        var end = text.IndexOf(Suffix, StringComparison.Ordinal);
        return
            end > Prefix.Length
            && text.StartsWith(Prefix, StringComparison.Ordinal)
            && long.TryParse(text.AsSpan(Prefix.Length, end - Prefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var cut)
            ? cut - Encoding.UTF8.GetByteCount(text.AsSpan(0, end + Suffix.Length))
            : 0;
    }

    private static bool IsWorthTelling(string line) =>
        !Array.Exists(Chatter, start => line.StartsWith(start, StringComparison.Ordinal))
        && !line.EndsWith(": <unknown>", StringComparison.Ordinal);

    private static ReadOnlySpan<byte> ReadEnd(SafeFileHandle file, long from, int max)
    {
        // Read one more byte to see whether the tail begins within a character.
        var length = RandomAccess.GetLength(file);
        var bytes = new byte[Math.Min(max + 1, Math.Max(length - from, 0))];
        var read = RandomAccess.Read(file, bytes, length - bytes.Length);
        return LastWhole(bytes.AsSpan(0, read), max);
    }

    /// <summary>The last bytes of a UTF-8 text, starting at a character boundary.</summary>
    private static ReadOnlySpan<byte> LastWhole(ReadOnlySpan<byte> text, int max)
    {
        if (text.Length <= max)
        {
            return text;
        }

        text = text[^max..];
        while (text is [>= 0x80 and < 0xC0, ..])
        {
            text = text[1..];
        }

        return text;
    }
}
