using System.Collections.Immutable;
using Microsoft.Win32.SafeHandles;

namespace Plexum.Codex.Rollouts.Locating;

/// <summary>What is told of the calls of a turn that goes on.</summary>
/// <param name="Told">The ids of the calls that are told.</param>
/// <param name="From">Where to read on: the first byte of a record.</param>
internal sealed record LiveCalls(ImmutableHashSet<string> Told, long From)
{
    private const int PieceBytes = 16 * 1024;

    /// <summary>
    /// The end of the last whole line in a part of a file, since codex may be writing the next one; its begin if none ends there.
    /// </summary>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static long LastLineEnd(SafeFileHandle file, long from, long to)
    {
        var piece = new byte[PieceBytes];
        for (var end = to; end > from; )
        {
            var begin = Math.Max(from, end - PieceBytes);
            var read = RandomAccess.Read(file, piece.AsSpan(0, (int)(end - begin)), begin);
            if (piece.AsSpan(0, read).LastIndexOf((byte)'\n') is >= 0 and var found)
            {
                return begin + found + 1;
            }

            end = begin;
        }

        return from;
    }
}
