using ZstdSharp;

namespace Plexum.Codex.Rollouts.Archiving;

/// <summary>Streams that compress with zstd and unpack it. They leave the stream below them open.</summary>
public static class ZstdStreams
{
    private const int Level = 3;

    /// <summary>A stream to write to; its end is written when it is disposed.</summary>
    public static Stream Pack(Stream target) => new CompressionStream(target, Level, leaveOpen: true);

    /// <summary>A stream to read from.</summary>
    public static Stream Unpack(Stream source) => new DecompressionStream(source, checkEndOfStream: true, leaveOpen: true);

    /// <summary>Whether an exception means that what is unpacked is damaged.</summary>
    public static bool IsDamage(Exception e) => e is ZstdException or EndOfStreamException;
}
