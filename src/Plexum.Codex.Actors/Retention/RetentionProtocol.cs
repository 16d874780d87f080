namespace Plexum.Codex.Retention;

/// <summary>What <see cref="RetentionActor"/> takes and answers.</summary>
public static class RetentionProtocol
{
    /// <summary>Asks for a round now, or for the result of the one that is under way. The answer is <see cref="Swept"/>.</summary>
    public sealed record Sweep
    {
        /// <summary>The only one there is.</summary>
        public static Sweep Instance { get; } = new();
    }

    /// <summary>A round is over.</summary>
    /// <param name="Removed">How many turns' files were removed.</param>
    /// <param name="Bytes">How much room those took.</param>
    /// <param name="Forgotten">How many turns the ledger has forgotten.</param>
    /// <param name="Problem">Why the round could not be finished, or what could not be removed; null when all is well.</param>
    public sealed record Swept(int Removed, long Bytes, int Forgotten, string? Problem);
}
