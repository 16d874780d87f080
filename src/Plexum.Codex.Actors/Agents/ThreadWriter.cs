using System.Globalization;
using Plexum.Codex.Sessions;
using Plexum.Codex.Streams;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Agents;

/// <summary>Who writes to a thread: codex keeps a lock for each, and the kernel knows who holds it.</summary>
internal static class ThreadWriter
{
    /// <summary>The notice that a turn waits for its thread.</summary>
    public static CanonicalEvent.Notice Notice(AgentEnvironment environment, ThreadId thread) => new(
        NoticeCodes.ThreadBusy, $"{Describe(environment, thread)} writes to the thread {thread}; the turn waits for it.");

    /// <summary>The error of a turn that has waited long enough.</summary>
    public static TurnFailure Failure(AgentEnvironment environment, ThreadId thread, TimeSpan waited) => new(
        "thread_busy",
        string.Create(
            CultureInfo.InvariantCulture,
            $"{Describe(environment, thread)} writes to the thread {thread} and still did after {waited.TotalSeconds:0.#} seconds. End it or wait for it, then send the message again."),
        TurnErrorClass.Session,
        Retryable: true);

    /// <summary>As the start of a sentence: <c>process 4711 (codex)</c>.</summary>
    public static string Describe(AgentEnvironment environment, ThreadId thread) =>
        LockHolder.Find(Path.Combine(environment.Settings.CodexHome, "thread-writer-locks", $"{thread}.lock"))?.ToString() ?? "another process";
}
