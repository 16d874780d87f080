namespace Plexum.Codex.Recovery;

/// <summary>The messages of <see cref="RecoveryActor"/>.</summary>
public static class RecoveryProtocol
{
    /// <summary>
    /// Asks for <see cref="Dispatched"/>. After that answer, the orphaned turns are queued ahead of every newer one, and turns may be
    /// submitted.
    /// </summary>
    public sealed record AwaitDispatch
    {
        /// <summary>The only instance.</summary>
        public static AwaitDispatch Instance { get; } = new();
    }

    /// <summary>The agents have been told of their turns.</summary>
    /// <param name="Agents">How many agents have orphaned turns.</param>
    /// <param name="Turns">How many such turns there are.</param>
    public sealed record Dispatched(int Agents, int Turns);

    /// <summary>Asks for <see cref="Recovered"/>.</summary>
    public sealed record AwaitRecovery
    {
        /// <summary>The only instance.</summary>
        public static AwaitRecovery Instance { get; } = new();
    }

    /// <summary>Every orphaned turn has been examined.</summary>
    /// <param name="Started">How many had been started; they are resumed.</param>
    /// <param name="Queued">How many are queued.</param>
    /// <param name="Ended">How many had already ended.</param>
    public sealed record Recovered(int Started, int Queued, int Ended);
}
