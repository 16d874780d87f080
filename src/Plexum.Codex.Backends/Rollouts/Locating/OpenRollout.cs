using Microsoft.Win32.SafeHandles;
using Plexum.Codex.Posix;

namespace Plexum.Codex.Rollouts.Locating;

/// <summary>
/// A rollout that is open for random reads. A compressed one is unpacked into an unlinked file, which nobody else can open and which
/// disappears with its last handle, even if this process is killed.
/// </summary>
internal sealed class OpenRollout : IDisposable
{
    private readonly SafeFileHandle? _unpacked;

    private OpenRollout(string path, SafeFileHandle source, SafeFileHandle? unpacked)
    {
        (Path, Source, _unpacked) = (path, source, unpacked);
        Length = RandomAccess.GetLength(File);
    }

    /// <summary>The path at which it was opened. codex may have compressed or unpacked it since.</summary>
    public string Path { get; }

    /// <summary>The file on disk, possibly compressed.</summary>
    public SafeFileHandle Source { get; }

    /// <summary>The unpacked content: codex's lines.</summary>
    public SafeFileHandle File => _unpacked ?? Source;

    /// <summary>The unpacked length in bytes.</summary>
    public long Length { get; }

    /// <summary>The directory in which rollouts of a profile are unpacked.</summary>
    public static string ScratchOf(string profile) => System.IO.Path.Combine(profile, "run");

    /// <summary>
    /// Opens a rollout. Null without a <paramref name="problem"/> if there is none; null with one if it cannot be read or unpacked.
    /// </summary>
    /// <param name="path">The rollout.</param>
    /// <param name="scratch">The directory in which it may be unpacked; created if missing.</param>
    /// <param name="limits">The limit of the unpacked length.</param>
    /// <param name="problem">Why it cannot be used: the end of a sentence, without a full stop.</param>
    public static OpenRollout? TryOpen(string path, string scratch, RolloutLimits limits, out string? problem)
    {
        var source = RegularFile.TryOpenRead(path, followLinks: false, out problem);
        try
        {
            return source is null
                ? null
                : new OpenRollout(path, source, RolloutFile.IsPacked(path) ? Unpack(source, scratch, limits) : null);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            source?.Dispose();
            problem = e.Message.TrimEnd('.');
            return null;
        }
    }

    /// <summary>The unpacked length in bytes. A compressed rollout is unpacked to count them, and the bytes are discarded.</summary>
    /// <exception cref="IOException">The rollout cannot be read or unpacked; the message names it and the reason.</exception>
    public static long LengthOf(RolloutFile rollout, RolloutLimits limits)
    {
        if (!rollout.IsCompressed)
        {
            return rollout.Length;
        }

        using var file = RegularFile.TryOpenRead(rollout.Path, followLinks: false, out var problem)
            ?? throw new IOException($"{rollout.Path} cannot be read: {problem ?? "it is gone"}.");
        try
        {
            return ZstdFile.Unpack(file, target: null, limits.MaxUnpacked);
        }
        catch (IOException e)
        {
            throw new IOException($"{rollout.Path} cannot be read: {e.Message}.", e);
        }
    }

    /// <summary>Closes the rollout.</summary>
    public void Dispose()
    {
        _unpacked?.Dispose();
        Source.Dispose();
    }

    private static SafeFileHandle Unpack(SafeFileHandle source, string scratch, RolloutLimits limits)
    {
        OwnerOnly.CreateDirectory(scratch);
        var path = System.IO.Path.Combine(scratch, $".rollout-{Guid.NewGuid():N}");
        var unpacked = RegularFile.Open(path, OpenFlags.ReadWrite | OpenFlags.Create | OpenFlags.Exclusive);
        try
        {
            System.IO.File.Delete(path);
            ZstdFile.Unpack(source, unpacked, limits.MaxUnpacked);
            return unpacked;
        }
        catch
        {
            unpacked.Dispose();
            throw;
        }
    }
}
