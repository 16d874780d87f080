using System.Globalization;

namespace Plexum.Codex.Rollouts.Locating;

/// <summary>How much of a rollout gets into events.</summary>
public sealed record RolloutLimits
{
    /// <summary>The maximum of the two limits below, in bytes: the longest record that is parsed.</summary>
    public const int Most = 16 * 1024 * 1024;

    /// <summary>The maximum length of a call's arguments, in bytes.</summary>
    public int MaxArguments { get; init; } = 256 * 1024;

    /// <summary>The maximum length of a call's output, in bytes.</summary>
    public int MaxOutput { get; init; } = 256 * 1024;

    /// <summary>A notice reports the size of a rollout that reaches this length in bytes, and again at every doubling of it.</summary>
    public long WarnSize { get; init; } = 64 * 1024 * 1024;

    /// <summary>The maximum unpacked length of a compressed rollout, in bytes; a larger one is not read.</summary>
    public long MaxUnpacked { get; init; } = 1024 * 1024 * 1024;

    internal static string CutMark(int shown, long length) =>
        string.Create(CultureInfo.InvariantCulture, $"\n[… cut by plexum-codex: the first {shown} bytes of {length} in the rollout]");
}
