namespace Plexum.Codex.Host.Health.Probes;

/// <summary>What looks at a daemon's resources.</summary>
/// <param name="Room">Looks at the room on the profile's disk; it may block.</param>
/// <param name="Descriptors">
/// Looks at the open files of this process. It throws an <see cref="IOException"/> if they cannot be counted, for example because there is
/// no descriptor left to count them with.
/// </param>
internal sealed record ResourceProbes(Func<RoomProbe.Result> Room, Func<DescriptorProbe> Descriptors)
{
    /// <summary>Those of a daemon.</summary>
    /// <param name="profile">The root of its profile.</param>
    /// <param name="minRoom">The bytes that must be free there.</param>
    public static ResourceProbes Of(string profile, long minRoom) => new(new RoomProbe(profile, minRoom).Look, DescriptorProbe.OfThis);
}
