using System.Collections.Frozen;

namespace Plexum.Codex.Exec;

/// <summary>What an <see cref="ExecTurnActor"/> is doing.</summary>
internal enum ExecPhase
{
    /// <summary>Nothing: it waits to be told to start.</summary>
    Idle,

    /// <summary>The prompt is being written, codex found, the tools registered.</summary>
    Readying,

    /// <summary>The end of the resumed thread's rollout is being looked up.</summary>
    Noting,

    /// <summary>codex runs.</summary>
    Running,

    /// <summary>codex would not write to the thread; who does is being looked up.</summary>
    FindingWriter,

    /// <summary>codex has exited; the rollout is being read.</summary>
    Reading,

    /// <summary>The turn was told the end.</summary>
    Ended,
}

/// <summary>Which phase may follow which.</summary>
internal static class ExecPhases
{
    private static readonly FrozenDictionary<ExecPhase, FrozenSet<ExecPhase>> Next = new Dictionary<ExecPhase, FrozenSet<ExecPhase>>
    {
        [ExecPhase.Idle] = Set(ExecPhase.Readying, ExecPhase.Running),
        [ExecPhase.Readying] = Set(ExecPhase.Noting, ExecPhase.Running, ExecPhase.Ended),
        [ExecPhase.Noting] = Set(ExecPhase.Running, ExecPhase.Ended),
        [ExecPhase.Running] = Set(ExecPhase.Idle, ExecPhase.FindingWriter, ExecPhase.Reading, ExecPhase.Ended),
        [ExecPhase.FindingWriter] = Set(ExecPhase.Idle, ExecPhase.Ended),
        [ExecPhase.Reading] = Set(ExecPhase.Ended),
        [ExecPhase.Ended] = Set(),
    }.ToFrozenDictionary();

    /// <summary>Whether <paramref name="to"/> may follow <paramref name="from"/>.</summary>
    public static bool Allow(ExecPhase from, ExecPhase to) => Next[from].Contains(to);

    private static FrozenSet<ExecPhase> Set(params ExecPhase[] phases) => phases.ToFrozenSet();
}
