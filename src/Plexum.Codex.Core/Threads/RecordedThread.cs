using Plexum.Codex.Turns;

namespace Plexum.Codex.Threads;

/// <summary>
/// What an <see cref="IThreadRegister"/> has on record for an agent: <see cref="Unrecorded"/>, <see cref="GivenUp"/> or
/// <see cref="Current"/>.
/// </summary>
public abstract record RecordedThread
{
    private RecordedThread() { }

    /// <summary>The agent is new, or last ran under a version of this program that kept no record.</summary>
    public sealed record Unrecorded : RecordedThread
    {
        /// <summary>The only instance.</summary>
        public static Unrecorded Instance { get; } = new();
    }

    /// <summary>The agent's thread was given up, because it is gone or somebody asked for it: the next turn begins a new one.</summary>
    public sealed record GivenUp : RecordedThread
    {
        /// <summary>The only instance.</summary>
        public static GivenUp Instance { get; } = new();
    }

    /// <summary>The agent continues this thread.</summary>
    /// <param name="Thread">The thread.</param>
    public sealed record Current(ThreadId Thread) : RecordedThread;
}
