using Microsoft.Win32.SafeHandles;
using Plexum.Codex.Posix;

namespace Plexum.Codex.Rollouts;

/// <summary>
/// A rollout that is open for reading anywhere in it. One that codex has compressed is unpacked into a file without a name, which
/// nobody else can open and which is gone with its last handle, also when this process is killed.
/// </summary>
internal sealed class OpenRollout : IDisposable
{
    private readonly SafeFileHandle? _unpacked;

    private OpenRollout(SafeFileHandle source, SafeFileHandle? unpacked)
    {
        (Source, _unpacked) = (source, unpacked);
        Length = RandomAccess.GetLength(File);
    }

    /// <summary>The file as it lies there, perhaps compressed.</summary>
    public SafeFileHandle Source { get; }

    /// <summary>codex's lines.</summary>
    public SafeFileHandle File => _unpacked ?? Source;

    /// <summary>How many bytes codex's lines are.</summary>
    public long Length { get; }

    /// <summary>Where unpacked rollouts of a profile's agents lie for a moment.</summary>
    public static string ScratchOf(string profile) => Path.Combine(profile, "run");

    /// <summary>
    /// Opens it. Null with no <paramref name="problem"/> when there is none; null with one, the end of a sentence without its full
    /// stop, when it cannot be read or unpacked.
    /// </summary>
    /// <param name="path">The rollout.</param>
    /// <param name="scratch">The directory in which it may be unpacked; it is made if it is not there.</param>
    /// <param name="limits">How large it may become.</param>
    /// <param name="problem">Why not.</param>
    public static OpenRollout? TryOpen(string path, string scratch, RolloutLimits limits, out string? problem)
    {
        var source = RegularFile.TryOpenRead(path, followLinks: false, out problem);
        try
        {
            return source is null ? null : new OpenRollout(source, RolloutFile.IsPacked(path) ? Unpack(source, scratch, limits) : null);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            source?.Dispose();
            problem = e.Message.TrimEnd('.');
            return null;
        }
    }

    /// <summary>How many bytes codex's lines are, for which a compressed rollout is unpacked once and not kept.</summary>
    /// <exception cref="IOException">It cannot be read or unpacked; the message names it and the reason.</exception>
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

    /// <summary>Closes it.</summary>
    public void Dispose()
    {
        _unpacked?.Dispose();
        Source.Dispose();
    }

    private static SafeFileHandle Unpack(SafeFileHandle source, string scratch, RolloutLimits limits)
    {
        OwnerOnly.CreateDirectory(scratch);
        var path = Path.Combine(scratch, $".rollout-{Guid.NewGuid():N}");
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
