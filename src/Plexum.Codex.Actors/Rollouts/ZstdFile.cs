using System.Buffers;
using Microsoft.Win32.SafeHandles;
using ZstdSharp;

namespace Plexum.Codex.Rollouts;

/// <summary>Unpacks a file that is compressed with zstd, piece by piece and up to a limit.</summary>
internal static class ZstdFile
{
    private const int PieceBytes = 128 * 1024;

    /// <summary>Unpacks all of it and returns how many bytes that are.</summary>
    /// <param name="source">The compressed file.</param>
    /// <param name="target">What the bytes are written to; null to count them only.</param>
    /// <param name="most">The most bytes: a small file can unpack to any number of them.</param>
    /// <exception cref="IOException">It is damaged, cut off or too large, or cannot be read or written; the message tells which.</exception>
    public static long Unpack(SafeFileHandle source, SafeFileHandle? target, long most)
    {
        if (RandomAccess.GetLength(source) == 0)
        {
            throw Damaged("it is empty");
        }

        var piece = ArrayPool<byte>.Shared.Rent(PieceBytes);
        try
        {
            // The stream closes what it reads from, and the file stays the caller's.
            using var borrowed = new FileStream(new SafeFileHandle(source.DangerousGetHandle(), ownsHandle: false), FileAccess.Read, bufferSize: 0);
            borrowed.Position = 0;
            using var unpacking = new DecompressionStream(borrowed, checkEndOfStream: true);
            return Copy(unpacking, piece, target, most);
        }
        catch (EndOfStreamException)
        {
            throw Damaged("its end is missing");
        }
        catch (ZstdException e)
        {
            throw Damaged(e.Message);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(piece);
            GC.KeepAlive(source);
        }
    }

    private static long Copy(DecompressionStream unpacking, byte[] piece, SafeFileHandle? target, long most)
    {
        long length = 0;
        while (unpacking.Read(piece, 0, piece.Length) is > 0 and var read)
        {
            if (length + read > most)
            {
                throw new IOException(FormattableString.Invariant(
                    $"it is compressed and unpacks to more than {most} bytes; if it is codex's own, unpack it with zstd -d --rm"));
            }

            if (target is not null)
            {
                RandomAccess.Write(target, piece.AsSpan(0, read), length);
            }

            length += read;
        }

        return length;
    }

    private static IOException Damaged(string how) =>
        new($"it is compressed and cannot be unpacked ({how}); codex cannot go on with it either, so put a copy in its place or begin a new thread");
}
