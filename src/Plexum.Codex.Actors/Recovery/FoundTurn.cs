using Plexum.Codex.Agents;
using Plexum.Codex.Ledger;
using Plexum.Codex.Processes;

namespace Plexum.Codex.Recovery;

/// <summary>What became of a turn whose program died: <see cref="NeverStarted"/>, <see cref="Started"/> or <see cref="Ended"/>.</summary>
internal abstract record FoundTurn
{
    private FoundTurn() { }

    /// <summary>codex was never started for it.</summary>
    public sealed record NeverStarted : FoundTurn
    {
        public static NeverStarted Instance { get; } = new();
    }

    /// <summary>codex was started. It runs, or it has ended and left its output.</summary>
    /// <param name="Prepared">The turn's files, to be gone on with.</param>
    /// <param name="Codex">The process, running or not.</param>
    /// <param name="Age">How long ago the turn started.</param>
    public sealed record Started(PreparedTurn Prepared, CodexProcess Codex, TimeSpan Age) : FoundTurn;

    /// <summary>All its events are in its log.</summary>
    /// <param name="Outcome">How it ended.</param>
    public sealed record Ended(TurnOutcome Outcome) : FoundTurn;
}
