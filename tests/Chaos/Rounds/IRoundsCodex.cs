namespace Plexum.Codex.Chaos.Rounds;

/// <summary>A codex whose turns wait where they are told to. A turn's name is its prompt.</summary>
public interface IRoundsCodex : IChaosCodex, IAsyncDisposable
{
    /// <summary>What codex has as CODEX_HOME.</summary>
    string Home { get; }

    /// <summary>The moments that it can be brought to.</summary>
    IReadOnlyList<KillMoment> Moments { get; }

    /// <summary>Completes when a turn waits, or with <see cref="KillMoment.Ending"/> when the model has answered.</summary>
    /// <param name="name">The turn.</param>
    /// <param name="workspace">Its workspace.</param>
    /// <param name="cancellationToken">Ends it early.</param>
    Task ReachedAsync(string name, string workspace, CancellationToken cancellationToken);

    /// <summary>Lets a turn that waits go on.</summary>
    /// <param name="name">The turn.</param>
    /// <param name="workspace">Its workspace.</param>
    void LetGo(string name, string workspace);

    /// <summary>How many calls the events of a turn that ended well have.</summary>
    int CallsOf(string name);

    /// <summary>What the model was told of a turn's thread: its prompts, oldest first; null if that is not known.</summary>
    IReadOnlyList<string>? ToldOf(string name);

    /// <summary>What it found fault with itself.</summary>
    IReadOnlyList<string> Complaints { get; }
}
