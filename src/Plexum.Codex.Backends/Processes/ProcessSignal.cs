namespace Plexum.Codex.Processes;

/// <summary>The signals that stop codex, in the order in which they are tried.</summary>
public enum ProcessSignal
{
    /// <summary>Codex stops its command, records the interruption in the thread and exits with 1 (measured on 0.169.0).</summary>
    Interrupt = 2,

    /// <summary>Codex exits with 143 and leaves an open call in the thread, which the next turn patches.</summary>
    Terminate = 15,

    /// <summary>The kernel ends it.</summary>
    Kill = 9,
}
