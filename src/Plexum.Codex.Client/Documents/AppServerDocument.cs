using System.Collections.Immutable;

namespace Plexum.Codex.Client.Documents;

/// <summary>Codex's app-server, the warm process that turns share.</summary>
/// <param name="Phase"><c>stopped</c>, <c>starting</c>, <c>ready</c>, or <c>backing_off</c>: it died, and is started again later.</param>
/// <param name="LoadedThreads">How many threads it has loaded.</param>
/// <param name="RunningTurns">How many turns run in it, and in those that only finish theirs.</param>
/// <param name="Restarts">How often it died or could not be started since the daemon was started.</param>
/// <param name="DrainingPids">
/// The servers that only finish their turns, because codex, its login or its environment is another one now.
/// </param>
public sealed record AppServerDocument(string Phase, int LoadedThreads, int RunningTurns, int Restarts, ImmutableArray<int> DrainingPids)
{
    /// <summary>The process; null if none runs.</summary>
    public int? Pid { get; init; }

    /// <summary>The version of codex; null if it is not known.</summary>
    public string? Version { get; init; }

    /// <summary>The path of codex; null if no server runs.</summary>
    public string? Binary { get; init; }

    /// <summary>When the process was started; null if none runs.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>How much memory the process holds, in bytes; null if it is not known.</summary>
    public long? ResidentBytes { get; init; }

    /// <summary>What went wrong last; null once a server takes turns again.</summary>
    public string? Problem { get; init; }
}
