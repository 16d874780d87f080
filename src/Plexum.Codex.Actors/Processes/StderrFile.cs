using System.Globalization;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Plexum.Codex.Processes;

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

    /// <summary>What codex says on stderr in every healthy run (0.169.0).</summary>
    private static readonly string[] Chatter =
        ["Reading additional input from stdin...", "Reading prompt from stdin...", "WARNING: proceeding, even though we could not create PATH aliases"];

    /// <summary>The last two KiB, without the lines that are always there. Bytes that are no UTF-8 are shown as U+FFFD.</summary>
    /// <param name="path">The file; a missing one is empty.</param>
    /// <param name="from">Where this process's part begins, when an earlier one wrote to the file too.</param>
    public static string ReadTail(string path, long from = 0)
    {
        try
        {
            using var file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            var text = ReadEnd(file, from);
            return string.Join('\n', text.Split('\n').Where(line => !Array.Exists(Chatter, line.StartsWith))).Trim();
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
        var tail = ReadEnd(file, 0);

        // codex appends: what it writes after the cut lands behind the new end.
        RandomAccess.SetLength(file, capBytes);
        RandomAccess.Write(file, Encoding.UTF8.GetBytes(mark + tail), capBytes);
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

    private static string ReadEnd(SafeFileHandle file, long from)
    {
        var length = RandomAccess.GetLength(file);
        var start = Math.Max(Math.Min(from, length), length - TailBytes);
        Span<byte> bytes = stackalloc byte[TailBytes];
        var content = bytes[..RandomAccess.Read(file, bytes, start)];

        // The cut may have gone through a character.
        while (start > from && content is [>= 0x80 and < 0xC0, ..])
        {
            content = content[1..];
        }

        return Encoding.UTF8.GetString(content);
    }
}
