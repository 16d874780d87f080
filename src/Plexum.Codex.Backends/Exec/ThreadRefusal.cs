using Plexum.Codex.Events;
using Plexum.Codex.Exec.Output;
using Plexum.Codex.Posix.Paths;
using Plexum.Codex.Rollouts.Whereabouts;
using Plexum.Codex.Threads;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Exec;

/// <summary>
/// Explains why codex did not continue a thread that is not gone: what is wrong with which file, codex's own words, and the ways out. The
/// agent keeps the thread's id.
/// </summary>
/// <param name="agent">The agent.</param>
/// <param name="thread">Its thread.</param>
/// <param name="codexHome">Codex's home.</param>
internal sealed class ThreadRefusal(AgentId agent, ThreadId thread, string codexHome)
{
    private const string LostIndex =
        "Put it back where it was. If it was always there, move state_5.sqlite, state_5.sqlite-wal and state_5.sqlite-shm out of codex's "
        + "home while no codex runs; codex makes its index anew from the rollouts.";

    /// <summary>Whether the thread is to be given up: codex does not find it, and it is gone.</summary>
    public static bool GivesUp(ResumeProblem problem, ThreadWhereabouts found) =>
        problem == ResumeProblem.ThreadUnknown && found.State == RolloutState.Gone;

    /// <summary>The failure of the turn.</summary>
    /// <param name="problem">What codex said, in one word.</param>
    /// <param name="stderrTail">What it said.</param>
    /// <param name="found">What has become of the thread.</param>
    public TurnFailure Explain(ResumeProblem problem, string stderrTail, ThreadWhereabouts found)
    {
        var (code, what, remedy) = problem switch
        {
            ResumeProblem.StateUnusable => (ThreadProblem.StateUnusable, "codex's index of threads cannot be used", StateRemedy()),
            ResumeProblem.ThreadArchived => (ThreadProblem.Archived, "it is archived", $"Bring it back: {Codex("unarchive")}."),
            ResumeProblem.ThreadUnreachable => (
                ThreadProblem.Unreachable,
                found.Problem ?? "codex may not look for it",
                found.Remedy ?? SessionsRemedy()
            ),
            ResumeProblem.ThreadOtherProvider => (
                ThreadProblem.OtherProvider,
                "it was begun with another model provider than codex is configured for now",
                ProviderRemedy()
            ),
            ResumeProblem.ThreadUnreadable => Unreadable(found),
            _ => Missing(found),
        };
        var words = ResumeProblems.WordsOf(stderrTail);
        var said = words.Length == 0 ? "" : $" codex says: {words}.";
        return new TurnFailure(
            code,
            $"codex did not continue the thread {thread}: {what}.{said} {remedy ?? Otherwise(words)} Or begin a new thread with "
                + $"\"plexum-codex thread --new {agent}\", or with new_thread in a request; the agent keeps this one until then.",
            TurnErrorClass.Session,
            Retryable: code is ThreadProblem.Unreachable or ThreadProblem.StateUnusable
        );
    }

    private static (string Code, string What, string? Remedy) Unreadable(ThreadWhereabouts found) =>
        (
            ThreadProblem.Unreadable,
            found.Path is { } path
                ? $"its rollout {path} cannot be loaded{(found.Problem is { } fault ? $", because {fault}" : "")}"
                : found.Problem ?? "its rollout cannot be loaded",
            found.Remedy
        );

    // codex found no rollout.
    private (string Code, string What, string? Remedy) Missing(ThreadWhereabouts found) =>
        found.State switch
        {
            RolloutState.Unreadable => Unreadable(found),
            RolloutState.Archived => (
                ThreadProblem.Archived,
                $"its rollout {found.Path} is in the archive, but codex does not know that it is archived",
                "Move the file back to sessions/ of codex's home, into the directory of the day in its name."
            ),
            RolloutState.There => (
                ThreadProblem.Unreachable,
                $"codex looks for its rollout elsewhere than at {found.Path}, where it is",
                LostIndex
            ),
            _ => (
                ThreadProblem.Unreachable,
                $"codex does not find it, and {found.Problem ?? "it is not certain that it is gone"}",
                found.Remedy ?? SessionsRemedy()
            ),
        };

    // For a rollout of which nothing is known to be wrong.
    private static string Otherwise(string words) =>
        words.Contains("history lineage", StringComparison.Ordinal)
            ? "It was forked from the thread that codex names; bring back that one's rollout."
            : "Bring the rollout back from a backup, or remove the cause that codex names. It must be a file of its own, no link, "
                + "that this user may read and write.";

    // A provider that is configured but not codex's own is refused too, and an argument serves as well as the file (measured on 0.169.0
    // and 0.171.0).
    private string ProviderRemedy() =>
        $"Name the thread's provider as model_provider again, in {codexHome}/config.toml or with codex.extra-args, and configure it again "
        + "if it was removed.";

    private string SessionsRemedy() => $"Check that {codexHome}/sessions is the right directory and that this user may read all of it.";

    private string StateRemedy() =>
        $"Move state_5.sqlite, state_5.sqlite-wal and state_5.sqlite-shm out of {codexHome} while no codex runs; codex makes its index "
        + "anew from the rollouts.";

    private string Codex(string command) => $"CODEX_HOME={ShellPath.Quote(codexHome)} codex {command} {thread}";
}
