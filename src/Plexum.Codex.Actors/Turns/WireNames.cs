namespace Plexum.Codex.Turns;

/// <summary>The words of the smaller enumerations in JSON.</summary>
internal static class WireNames
{
    public static string ToWireName(this ActivityPhase phase) => phase switch
    {
        ActivityPhase.Started => "started",
        ActivityPhase.Updated => "updated",
        _ => "completed",
    };

    public static string ToWireName(this StopReason reason) => reason switch
    {
        StopReason.EndTurn => "end_turn",
        StopReason.Cancelled => "cancelled",
        StopReason.Timeout => "timeout",
        _ => "error",
    };

    public static ActivityPhase ParsePhase(string? name) => name switch
    {
        "started" => ActivityPhase.Started,
        "updated" => ActivityPhase.Updated,
        _ => ActivityPhase.Completed,
    };

    public static StopReason ParseStopReason(string? name) => name switch
    {
        "end_turn" => StopReason.EndTurn,
        "cancelled" => StopReason.Cancelled,
        "timeout" => StopReason.Timeout,
        _ => StopReason.Error,
    };
}
