using System.Collections.Frozen;

namespace Plexum.Codex.Exec;

/// <summary>What an <see cref="ExecTurnActor"/> is doing.</summary>
internal enum ExecPhase
{
    /// <summary>Waiting for the message to start.</summary>
    Idle,

    /// <summary>Writing the prompt, finding codex and registering the tools.</summary>
    Readying,

    /// <summary>Looking up the end of the resumed thread's rollout.</summary>
    Noting,

    /// <summary>codex is running.</summary>
    Running,

    /// <summary>Another process writes to the thread; finding out which.</summary>
    FindingWriter,

    /// <summary>codex did not continue the thread; finding out what has become of it.</summary>
    Locating,

    /// <summary>codex has exited; reading the rollout.</summary>
    Reading,

    /// <summary>The end has been sent to the turn.</summary>
    Ended,
}

/// <summary>Which phase may follow which.</summary>
internal static class ExecPhases
{
    private static readonly FrozenDictionary<ExecPhase, FrozenSet<ExecPhase>> Next = new Dictionary<ExecPhase, FrozenSet<ExecPhase>>
    {
        [ExecPhase.Idle] = Set(ExecPhase.Readying, ExecPhase.Running),
        [ExecPhase.Readying] = Set(ExecPhase.Idle, ExecPhase.Noting, ExecPhase.Running, ExecPhase.Ended),
        [ExecPhase.Noting] = Set(ExecPhase.Running, ExecPhase.Ended),
        [ExecPhase.Running] = Set(ExecPhase.FindingWriter, ExecPhase.Locating, ExecPhase.Reading, ExecPhase.Ended),
        [ExecPhase.FindingWriter] = Set(ExecPhase.Idle, ExecPhase.Ended),
        [ExecPhase.Locating] = Set(ExecPhase.Idle, ExecPhase.Ended),
        [ExecPhase.Reading] = Set(ExecPhase.Ended),
        [ExecPhase.Ended] = Set(),
    }.ToFrozenDictionary();

    /// <summary>Whether <paramref name="to"/> may follow <paramref name="from"/>.</summary>
    public static bool Allow(ExecPhase from, ExecPhase to) => Next[from].Contains(to);

    private static FrozenSet<ExecPhase> Set(params ExecPhase[] phases) => phases.ToFrozenSet();
}
