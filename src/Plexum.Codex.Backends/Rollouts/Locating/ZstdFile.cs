using System.Buffers;
using Microsoft.Win32.SafeHandles;
using ZstdSharp;

namespace Plexum.Codex.Rollouts.Locating;

/// <summary>Unpacks a zstd file piece by piece, up to a limit.</summary>
internal static class ZstdFile
{
    private const int PieceBytes = 128 * 1024;

    /// <summary>Unpacks the whole file and returns the unpacked length in bytes.</summary>
    /// <param name="source">The compressed file.</param>
    /// <param name="target">The file to write to; null to count the bytes only.</param>
    /// <param name="max">The maximum unpacked length: a small file can unpack to any size.</param>
    /// <exception cref="DamagedZstdException">The file is damaged or truncated.</exception>
    /// <exception cref="IOException">The file is too large, or cannot be read or written.</exception>
    public static long Unpack(SafeFileHandle source, SafeFileHandle? target, long max)
    {
        if (RandomAccess.GetLength(source) == 0)
        {
            throw Damaged("it is empty");
        }

        var piece = ArrayPool<byte>.Shared.Rent(PieceBytes);
        try
        {
            // The stream closes its file, but the caller owns this one.
            using var borrowed = new FileStream(
                new SafeFileHandle(source.DangerousGetHandle(), ownsHandle: false),
                FileAccess.Read,
                bufferSize: 0
            );
            borrowed.Position = 0;
            using var unpacking = new DecompressionStream(borrowed, checkEndOfStream: true);
            return Copy(unpacking, piece, target, max);
        }
        catch (EndOfStreamException)
        {
            throw Damaged("it is truncated");
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

    private static long Copy(DecompressionStream unpacking, byte[] piece, SafeFileHandle? target, long max)
    {
        long length = 0;
        while (unpacking.Read(piece, 0, piece.Length) is > 0 and var read)
        {
            if (length + read > max)
            {
                throw new IOException(
                    FormattableString.Invariant(
                        $"it is compressed and unpacks to more than {max} bytes; if codex wrote it, unpack it with zstd -d --rm"
                    )
                );
            }

            if (target is not null)
            {
                RandomAccess.Write(target, piece.AsSpan(0, read), length);
            }

            length += read;
        }

        return length;
    }

    private static DamagedZstdException Damaged(string how) => new(how);
}
