using System.Collections.Concurrent;

namespace Plexum.Codex.Host.Audit;

/// <summary>
/// One throttle for each caller and outcome, so that none hides another. There are as many as there were tokens of the owner's, times the
/// codes of problems. Thread-safe.
/// </summary>
internal sealed class AuditThrottles(TimeProvider time)
{
    private readonly ConcurrentDictionary<(string? Token, string Via, string Outcome), AuditThrottle> _all = new();

    /// <summary>Whether the next entry passes.</summary>
    /// <param name="token">The name of the caller's token; null for none.</param>
    /// <param name="via">How the caller came.</param>
    /// <param name="outcome">What came of it.</param>
    /// <param name="leftOut">If it does, how many did not since the last one that did.</param>
    public bool TryPass(string? token, string via, string outcome, out int leftOut) =>
        _all.GetOrAdd((token, via, outcome), static (_, clock) => new AuditThrottle(clock), time).TryPass(out leftOut);
}
