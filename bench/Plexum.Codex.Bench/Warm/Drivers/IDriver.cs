namespace Plexum.Codex.Bench.Warm.Drivers;

/// <summary>Something that runs turns of codex, each agent in a thread of its own.</summary>
internal interface IDriver : IAsyncDisposable
{
    /// <summary>What the table calls it.</summary>
    string Title { get; }

    /// <summary>Whether a process of codex goes on from turn to turn.</summary>
    bool IsWarm { get; }

    /// <summary>Its processes, but for the benchmark.</summary>
    IEnumerable<int> Roots { get; }

    /// <summary>Starts it, so that it takes turns.</summary>
    Task StartAsync();

    /// <summary>Runs a turn to its end. An agent has at most one at a time.</summary>
    /// <exception cref="BenchException">It failed.</exception>
    Task<TurnTimes> RunAsync(string agent, string text);

    /// <summary>Has the agent's running turn end as a user would have it.</summary>
    Task CancelAsync(string agent);
}
