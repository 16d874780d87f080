using System.Globalization;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Plexum.Codex.Exec.Running;

/// <summary>
/// codex's stderr. It is for people and never read as protocol: it can carry text that looks like it, and frightening errors in
/// healthy runs. All of it stays in the file up to a cap.
/// </summary>
public static class StderrFile
{
    /// <summary>How much of its end is told when a turn fails.</summary>
    public const int TailBytes = 2048;

    private const string Prefix = "\n[… ";
    private const string Suffix = " bytes of stderr cut …]\n";

    /// <summary>The lines that tell nobody anything may come last, so more is read than is told.</summary>
    private const int WindowBytes = 8 * TailBytes;

    /// <summary>What codex says on stderr in every healthy run, and the frames without names behind its errors (0.169.0).</summary>
    private static readonly string[] Chatter =
    [
        "Reading additional input from stdin...", "Reading prompt from stdin...", "Stack backtrace:",
        "WARNING: proceeding, even though we could not create PATH aliases",
    ];

    /// <summary>
    /// The last two KiB of what is worth telling: the lines that are always there are left out. Bytes that are no UTF-8 are shown
    /// as U+FFFD.
    /// </summary>
    /// <param name="path">The file; a missing one is empty.</param>
    /// <param name="from">Where this process's part begins, when an earlier one wrote to the file too.</param>
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

    /// <summary>How long the file is; 0 when there is none.</summary>
    public static long Length(string path)
    {
        var file = new FileInfo(path);
        return file.Exists ? file.Length : 0;
    }

    /// <summary>
    /// Cuts the file where it has grown over the cap: its start stays, a mark tells how much is missing, and then come the last
    /// two KiB and what codex writes from now on. To be called from time to time while codex runs and once after.
    /// </summary>
    /// <param name="path">The file, open for appending in codex.</param>
    /// <param name="capBytes">How much of its start is kept.</param>
    /// <returns>Whether anything was cut.</returns>
    /// <exception cref="IOException">The file cannot be changed.</exception>
    public static bool EnforceCap(string path, long capBytes)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(capBytes, TailBytes);
        using var file = File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
        var length = RandomAccess.GetLength(file);

        // Cut only when there is something to win, not for every line after the first cut.
        if (length <= capBytes + (capBytes / 4) + TailBytes)
        {
            return false;
        }

        var cut = length - capBytes - TailBytes + EarlierCut(file, capBytes);
        var mark = string.Create(CultureInfo.InvariantCulture, $"{Prefix}{cut}{Suffix}");
        var tail = ReadEnd(file, 0, TailBytes);

        // codex appends: what it writes after the cut lands behind the new end.
        RandomAccess.SetLength(file, capBytes);
        RandomAccess.Write(file, [.. Encoding.UTF8.GetBytes(mark), .. tail], capBytes);
        return true;
    }

    /// <summary>What an earlier mark at the cap says was cut, less the mark itself.</summary>
    private static long EarlierCut(SafeFileHandle file, long capBytes)
    {
        Span<byte> bytes = stackalloc byte[64];
        var text = Encoding.UTF8.GetString(bytes[..RandomAccess.Read(file, bytes, capBytes)]);
        var end = text.IndexOf(Suffix, StringComparison.Ordinal);
        return end > Prefix.Length
            && text.StartsWith(Prefix, StringComparison.Ordinal)
            && long.TryParse(text.AsSpan(Prefix.Length, end - Prefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var cut)
            ? cut - Encoding.UTF8.GetByteCount(text.AsSpan(0, end + Suffix.Length))
            : 0;
    }

    private static bool IsWorthTelling(string line) =>
        !Array.Exists(Chatter, start => line.StartsWith(start, StringComparison.Ordinal))
        && !line.EndsWith(": <unknown>", StringComparison.Ordinal);

    private static ReadOnlySpan<byte> ReadEnd(SafeFileHandle file, long from, int most)
    {
        // One byte more, to see whether the first one begins a character.
        var length = RandomAccess.GetLength(file);
        var bytes = new byte[Math.Min(most + 1, Math.Max(length - from, 0))];
        var read = RandomAccess.Read(file, bytes, length - bytes.Length);
        return LastWhole(bytes.AsSpan(0, read), most);
    }

    /// <summary>The end of a text in UTF-8, not beginning within a character.</summary>
    private static ReadOnlySpan<byte> LastWhole(ReadOnlySpan<byte> text, int most)
    {
        if (text.Length <= most)
        {
            return text;
        }

        text = text[^most..];
        while (text is [>= 0x80 and < 0xC0, ..])
        {
            text = text[1..];
        }

        return text;
    }
}
