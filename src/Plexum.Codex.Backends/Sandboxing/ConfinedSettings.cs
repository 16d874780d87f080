using System.Collections.Immutable;

namespace Plexum.Codex.Sandboxing;

/// <summary>
/// What a confined command can reach and what it cannot read. A path is absolute or begins with <c>~/</c>, the home directory; one that
/// does not exist is ignored.
/// </summary>
public sealed record ConfinedSettings
{
    /// <summary>The root of the profile, which is hidden but for the turn's workspace; null for none.</summary>
    public string? Profile { get; init; }

    /// <summary>
    /// Other profiles of this program's, other homes of codex's and the platform's token, as far as they are known. A workspace may lie in
    /// one of them.
    /// </summary>
    public ImmutableArray<string> OtherProfiles { get; init; } = [];

    /// <summary>Whether commands reach the network, and what listens on this machine.</summary>
    public bool Network { get; init; }

    /// <summary>This program's own files that need not be in the profile. A workspace may lie in one of them.</summary>
    public ImmutableArray<string> Own { get; init; } = [];

    /// <summary>The secrets of the user and the sockets that lead out of a sandbox. No workspace may lie in one of them.</summary>
    public ImmutableArray<string> Secrets { get; init; } = [];

    /// <summary>What the owner wants hidden besides. A workspace may lie in one of them.</summary>
    public ImmutableArray<string> DenyRead { get; init; } = [];

    /// <summary>Why a path cannot be hidden, as the end of a sentence; null if it can.</summary>
    public static string? WhyNot(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        return !path.StartsWith("~/", StringComparison.Ordinal) && !Path.IsPathFullyQualified(path)
                ? "is no absolute path; begin it with / or ~/"
            : DeniedPaths.IsPattern(path) || path.Any(char.IsControl)
                ? "would be a pattern for codex; name each file or directory without *, ?, [, ] and control characters"
            : null;
    }
}
