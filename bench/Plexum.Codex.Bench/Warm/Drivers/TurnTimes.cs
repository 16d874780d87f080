namespace Plexum.Codex.Bench.Warm.Drivers;

/// <summary>How long a turn took, in milliseconds.</summary>
/// <param name="Wall">Until its end was told.</param>
/// <param name="First">Until the first text of the answer was told; not a number if there was none.</param>
internal readonly record struct TurnTimes(double Wall, double First);
