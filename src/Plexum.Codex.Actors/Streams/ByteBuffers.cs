using System.Buffers;

namespace Plexum.Codex.Streams;

/// <summary>Buffers for lines: small ones come from the pool; large ones do not, since it would keep them for good.</summary>
public static class ByteBuffers
{
    private const int LargestOfPool = 1024 * 1024;

    /// <summary>A buffer of at least that size, with anything in it.</summary>
    public static byte[] Rent(int size) =>
        size <= LargestOfPool ? ArrayPool<byte>.Shared.Rent(size) : GC.AllocateUninitializedArray<byte>(size);

    /// <summary>Gives a buffer back.</summary>
    public static void Return(byte[] buffer)
    {
        if (buffer.Length is > 0 and <= LargestOfPool)
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
