using Plexum.Codex.Exec.Output;
using Plexum.Codex.Processes;

namespace Plexum.Codex.Exec.Running;

/// <summary>The steps that stop codex: SIGINT, on which it records the interruption in its thread; SIGTERM; SIGKILL.</summary>
internal sealed class StopLadder(ExecSettings settings)
{
    private int _step;

    /// <summary>The cause of the first demand; null if there was none.</summary>
    public ExecEndCause? Cause { get; private set; }

    public bool IsDemanded => Cause is not null;

    /// <summary>Demands a stop. One that is under way keeps its pace, unless <paramref name="force"/> skips to the last step.</summary>
    /// <returns>Whether the caller must take a step now.</returns>
    public bool Demand(ExecEndCause cause, bool force)
    {
        var first = Cause is null;
        Cause ??= cause;
        if (force)
        {
            _step = Math.Max(_step, 2);
        }

        return first || force;
    }

    /// <summary>The next signal, and how long codex has to end after it.</summary>
    public (ProcessSignal Signal, TimeSpan? Grace)? Next() =>
        _step++ switch
        {
            0 => (ProcessSignal.Interrupt, settings.InterruptGrace),
            1 => (ProcessSignal.Terminate, settings.TerminateGrace),
            2 => (ProcessSignal.Kill, null),
            _ => null,
        };
}
