using Microsoft.Win32.SafeHandles;

namespace Plexum.Codex.Host.Logging;

/// <summary>Finds the last lines of a file without reading what is before them.</summary>
internal static class LastLines
{
    private const int Block = 64 * 1024;

    /// <summary>Finds where they begin.</summary>
    /// <param name="file">The file.</param>
    /// <param name="count">How many are wanted.</param>
    /// <returns>The offset, and how many whole lines stand from there on; fewer than wanted if the file has no more.</returns>
    public static (long Offset, int Found) Find(SafeFileHandle file, int count)
    {
        var block = new byte[Block];
        var ends = 0;
        for (var end = RandomAccess.GetLength(file); end > 0; )
        {
            var begin = Math.Max(0, end - Block);
            var read = Fill(file, block.AsSpan(0, (int)(end - begin)), begin);
            for (var at = read.LastIndexOf((byte)'\n'); at >= 0; at = read[..at].LastIndexOf((byte)'\n'))
            {
                // The line feed of the line before the first that is wanted.
                if (ends == count)
                {
                    return (begin + at + 1, count);
                }

                ends++;
            }

            end = begin;
        }

        return (0, ends);
    }

    // A file that became shorter meanwhile has no more.
    private static ReadOnlySpan<byte> Fill(SafeFileHandle file, Span<byte> block, long from)
    {
        var filled = 0;
        while (filled < block.Length && RandomAccess.Read(file, block[filled..], from + filled) is > 0 and var count)
        {
            filled += count;
        }

        return block[..filled];
    }
}
