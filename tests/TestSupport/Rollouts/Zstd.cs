using ZstdSharp;

namespace Plexum.Codex.TestSupport.Rollouts;

/// <summary>Compresses rollouts as codex does: in one pass, without their length in the head.</summary>
internal static class Zstd
{
    public static byte[] Pack(byte[] content, int level = 3)
    {
        using var packed = new MemoryStream();
        using (var packing = new CompressionStream(packed, level, leaveOpen: true))
        {
            packing.Write(content);
        }

        return packed.ToArray();
    }

    public static byte[] Unpack(byte[] packed)
    {
        using var unpacking = new DecompressionStream(new MemoryStream(packed));
        using var content = new MemoryStream();
        unpacking.CopyTo(content);
        return content.ToArray();
    }

    /// <summary>Puts a compressed file in the place of a rollout and returns its path.</summary>
    public static string PackFile(string path)
    {
        File.WriteAllBytes(path + ".zst", Pack(File.ReadAllBytes(path)));
        File.Delete(path);
        return path + ".zst";
    }

    /// <summary>Puts the plain rollout back in the place of the compressed one, as codex does when its thread goes on.</summary>
    public static void UnpackFile(string path)
    {
        using (var packed = File.OpenRead(path))
        using (var unpacking = new DecompressionStream(packed))
        using (var plain = File.Create(path[..^".zst".Length]))
        {
            unpacking.CopyTo(plain);
        }

        File.Delete(path);
    }
}
