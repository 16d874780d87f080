using System.Globalization;

namespace Plexum.Codex.Rollouts;

/// <summary>How much of a rollout gets into events.</summary>
public sealed record RolloutLimits
{
    /// <summary>The most that the limits of arguments and outputs can be, in bytes.</summary>
    public const int Most = RolloutScanner.MaxLineBytes;

    /// <summary>The most bytes of a call's arguments.</summary>
    public int MaxArguments { get; init; } = 256 * 1024;

    /// <summary>The most bytes of a call's output.</summary>
    public int MaxOutput { get; init; } = 256 * 1024;

    /// <summary>The length of a rollout from which on a notice tells of its size, in bytes, and again whenever it has doubled.</summary>
    public long WarnSize { get; init; } = 64 * 1024 * 1024;

    /// <summary>The most bytes that a compressed rollout may unpack to; a larger one is not read.</summary>
    public long MaxUnpacked { get; init; } = 1024 * 1024 * 1024;

    internal static string CutMark(int shown, long length) => string.Create(
        CultureInfo.InvariantCulture, $"\n[… cut by plexum-codex: the first {shown} bytes of {length} in the rollout]");
}
