using System.Globalization;
using Plexum.Codex.Posix;

namespace Plexum.Codex.Profiles;

/// <summary>
/// What tells a directory from another one of the same name. One that has been deleted and made again has another time of creation, while
/// its inode's number may be the same. An overlay gives a directory a new time when it is first written to; there the inode's number
/// counts. Numbers of devices change with each start of the machine, so they tell nothing.
/// </summary>
/// <param name="BornAt">When it was created, in nanoseconds since 1970; null if its file system does not record that.</param>
/// <param name="Inode">The number of its inode.</param>
/// <param name="IsMountPoint">Whether another file system is mounted there.</param>
/// <param name="IsInOverlay">Whether its file system is an overlay, as the root of a container is.</param>
internal readonly record struct DirectorySighting(long? BornAt, ulong Inode, bool IsMountPoint, bool IsInOverlay)
{
    private const string Unknown = "unknown";
    private const string Mounted = "mounted";
    private const string Overlay = "overlay";

    /// <summary>The directory at a path without links; null if it cannot be looked at.</summary>
    public static DirectorySighting? Of(string path)
    {
        if (FileStatus.OfPath(path) is not { Kind: FileKind.Directory } status)
        {
            return null;
        }

        var isMountPoint =
            FileStatus.OfPath(Path.Combine(path, "..")) is { } parent
            && (parent.DeviceMajor, parent.DeviceMinor) != (status.DeviceMajor, status.DeviceMinor);
        var isInOverlay = new DriveInfo(path).DriveFormat.StartsWith(Overlay, StringComparison.Ordinal);
        return new DirectorySighting(status.BornAt, status.Inode, isMountPoint, isInOverlay);
    }

    /// <summary>The sighting that <see cref="ToString"/> wrote; null for any other text.</summary>
    public static DirectorySighting? TryParse(string? text)
    {
        if (
            text?.Split(' ') is not [var born, var inode, .. var more]
            || !ulong.TryParse(inode, CultureInfo.InvariantCulture, out var number)
        )
        {
            return null;
        }

        var isKnown = long.TryParse(born, CultureInfo.InvariantCulture, out var bornAt);
        return isKnown || born == Unknown
            ? new DirectorySighting(isKnown ? bornAt : null, number, more.Contains(Mounted), more.Contains(Overlay))
            : null;
    }

    /// <summary>Whether this may be the directory that was seen before.</summary>
    public bool MayBeTheSameAs(DirectorySighting before) =>
        BornAt is null || before.BornAt is null || BornAt == before.BornAt || (IsInOverlay && before.IsInOverlay && Inode == before.Inode);

    /// <inheritdoc/>
    public override string ToString()
    {
        var born = BornAt?.ToString(CultureInfo.InvariantCulture) ?? Unknown;
        var mounted = IsMountPoint ? $" {Mounted}" : "";
        var overlay = IsInOverlay ? $" {Overlay}" : "";
        return string.Create(CultureInfo.InvariantCulture, $"{born} {Inode}{mounted}{overlay}");
    }
}
