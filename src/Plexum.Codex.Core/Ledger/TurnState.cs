namespace Plexum.Codex.Ledger;

/// <summary>The state of a turn. The numbers are stored in the database.</summary>
public enum TurnState
{
    /// <summary>It is queued.</summary>
    Queued = 0,

    /// <summary>It is running.</summary>
    Running = 1,

    /// <summary>It has ended.</summary>
    Ended = 2,
}

/// <summary>The names of <see cref="TurnState"/> in JSON and on the command line.</summary>
public static class TurnStateNames
{
    /// <summary>The name: <c>queued</c>, <c>running</c> or <c>ended</c>.</summary>
    public static string ToWireName(this TurnState state) =>
        state switch
        {
            TurnState.Queued => "queued",
            TurnState.Running => "running",
            _ => "ended",
        };

    /// <summary>The state with that name; false for any other text.</summary>
    public static bool TryParse(string? name, out TurnState state)
    {
        state = name switch
        {
            "queued" => TurnState.Queued,
            "running" => TurnState.Running,
            _ => TurnState.Ended,
        };
        return name is "queued" or "running" or "ended";
    }
}
