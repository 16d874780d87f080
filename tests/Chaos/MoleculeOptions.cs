namespace Plexum.Codex.Chaos;

/// <summary>The size of a run over the molecule platform.</summary>
/// <param name="Conversations">How many conversations: one of the canvas user, the others of peers.</param>
/// <param name="Messages">How many messages, in equal parts for each conversation.</param>
/// <param name="Seed">Decides which requests fail.</param>
public sealed record MoleculeOptions(int Conversations, int Messages, int Seed)
{
    /// <summary>The share of the requests to the platform that fail, each in one of many ways.</summary>
    public double FailingShare { get; init; } = 0.2;

    /// <summary>How long after a failure something is tried again for the first time.</summary>
    public TimeSpan Pause { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How long the whole run may take.</summary>
    public TimeSpan Limit { get; init; } = TimeSpan.FromMinutes(30);
}
