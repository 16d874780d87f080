using System.Collections.Concurrent;
using Plexum.Codex.Problems;

namespace Plexum.Codex.TestSupport;

/// <summary>Keeps what is reported.</summary>
public sealed class ProblemReports : IProblemReporter
{
    private readonly ConcurrentDictionary<ProblemKind, string> _standing = new();

    /// <summary>The problems that have begun and are not over.</summary>
    public IReadOnlyCollection<ProblemKind> Standing => [.. _standing.Keys];

    /// <inheritdoc/>
    public void Begins(ProblemKind kind, string message) => _standing[kind] = message;

    /// <inheritdoc/>
    public void Ends(ProblemKind kind) => _standing.TryRemove(kind, out _);
}
