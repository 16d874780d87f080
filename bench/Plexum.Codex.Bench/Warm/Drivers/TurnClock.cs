using System.Diagnostics;

namespace Plexum.Codex.Bench.Warm.Drivers;

/// <summary>Takes the times of a turn.</summary>
internal sealed class TurnClock
{
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private double _first = double.NaN;

    /// <summary>A text came.</summary>
    public void NoteText()
    {
        if (double.IsNaN(_first))
        {
            _first = _clock.Elapsed.TotalMilliseconds;
        }
    }

    /// <summary>The end came.</summary>
    public TurnTimes Stop() => new(_clock.Elapsed.TotalMilliseconds, _first);
}
