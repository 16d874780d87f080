using Plexum.Codex.Agents;
using Plexum.Codex.Exec.Output;
using Plexum.Codex.Processes;
using Plexum.Codex.Streams;

namespace Plexum.Codex.Exec.Running;

/// <summary>The steps by which codex is stopped: SIGINT, which it answers by noting the interruption in its thread; SIGTERM; SIGKILL.</summary>
internal sealed class StopLadder(ExecSettings settings)
{
    private int _step;

    /// <summary>The first reason that was given; null while nothing was demanded.</summary>
    public ExecEndCause? Cause { get; private set; }

    public bool IsDemanded => Cause is not null;

    /// <summary>Asks for the stop. The next step of one that is under way is taken at its time, unless <paramref name="force"/> skips to the last.</summary>
    /// <returns>Whether a step is to be taken now.</returns>
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
    public (ProcessSignal Signal, TimeSpan? Grace)? Next() => _step++ switch
    {
        0 => (ProcessSignal.Interrupt, settings.InterruptGrace),
        1 => (ProcessSignal.Terminate, settings.TerminateGrace),
        2 => (ProcessSignal.Kill, null),
        _ => null,
    };
}
