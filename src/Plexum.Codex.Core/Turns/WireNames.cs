namespace Plexum.Codex.Turns;

/// <summary>The names of the smaller enumerations in JSON.</summary>
public static class WireNames
{
    /// <summary>The name of a phase.</summary>
    public static string ToWireName(this ActivityPhase phase) =>
        phase switch
        {
            ActivityPhase.Started => "started",
            ActivityPhase.Updated => "updated",
            _ => "completed",
        };

    /// <summary>The name of a reason.</summary>
    public static string ToWireName(this StopReason reason) =>
        reason switch
        {
            StopReason.EndTurn => "end_turn",
            StopReason.Cancelled => "cancelled",
            StopReason.Timeout => "timeout",
            _ => "error",
        };

    /// <summary>The phase with that name; any other name counts as completed.</summary>
    public static ActivityPhase ParsePhase(string? name) =>
        name switch
        {
            "started" => ActivityPhase.Started,
            "updated" => ActivityPhase.Updated,
            _ => ActivityPhase.Completed,
        };

    /// <summary>The reason with that name; any other name counts as an error.</summary>
    public static StopReason ParseStopReason(string? name) =>
        name switch
        {
            "end_turn" => StopReason.EndTurn,
            "cancelled" => StopReason.Cancelled,
            "timeout" => StopReason.Timeout,
            _ => StopReason.Error,
        };
}
