namespace Plexum.Codex.Retention;

/// <summary>The messages of <see cref="RetentionActor"/>.</summary>
public static class RetentionProtocol
{
    /// <summary>Requests a round now, or the result of the one in progress. The answer is <see cref="Swept"/>.</summary>
    public sealed record Sweep
    {
        /// <summary>The only instance.</summary>
        public static Sweep Instance { get; } = new();
    }

    /// <summary>A round has ended.</summary>
    /// <param name="Removed">How many turns had their files deleted.</param>
    /// <param name="Bytes">How many bytes those files took.</param>
    /// <param name="Forgotten">How many turns the ledger has forgotten.</param>
    /// <param name="Problem">Why the round was not completed, or what could not be deleted; null if nothing went wrong.</param>
    public sealed record Swept(int Removed, long Bytes, int Forgotten, string? Problem);
}
