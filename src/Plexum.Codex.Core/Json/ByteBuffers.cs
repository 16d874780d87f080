using System.Buffers;

namespace Plexum.Codex.Json;

/// <summary>Buffers for lines. Only small ones come from the pool, which would keep large ones for good.</summary>
public static class ByteBuffers
{
    private const int LargestOfPool = 1024 * 1024;

    /// <summary>A buffer of at least that size, not cleared.</summary>
    public static byte[] Rent(int size) =>
        size <= LargestOfPool ? ArrayPool<byte>.Shared.Rent(size) : GC.AllocateUninitializedArray<byte>(size);

    /// <summary>Returns a buffer.</summary>
    public static void Return(byte[] buffer)
    {
        if (buffer.Length is > 0 and <= LargestOfPool)
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
