using Plexum.Codex.Options;

namespace Plexum.Codex.Chaos.Rounds;

/// <summary>The size of a run.</summary>
/// <param name="Backend">What runs the turns: exec or app-server.</param>
/// <param name="Rounds">How many rounds there are, with one kill each.</param>
/// <param name="Seed">Decides what is killed, when, and which turns run.</param>
public sealed record RoundsOptions(BackendKind Backend, int Rounds, int Seed)
{
    /// <summary>How long the turns of a round may take to end, and what they leave to go.</summary>
    public TimeSpan Limit { get; init; } = Limits.Wait;

    /// <summary>The moments to choose from, of those that the codex knows; empty for all of them.</summary>
    public IReadOnlyList<KillMoment> Moments { get; init; } = [];
}
