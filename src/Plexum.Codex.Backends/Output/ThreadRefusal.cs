using Plexum.Codex.Events;
using Plexum.Codex.Rollouts.Whereabouts;
using Plexum.Codex.Threads;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Output;

/// <summary>
/// Explains why codex did not continue a thread that is not gone: what is wrong with which file, the ways out, codex's own words, and on a
/// line of its own the command that mends it. The agent keeps the thread's id.
/// </summary>
/// <param name="agent">The agent.</param>
/// <param name="thread">Its thread.</param>
/// <param name="codexHome">Codex's home.</param>
internal sealed class ThreadRefusal(AgentId agent, ThreadId thread, string codexHome)
{
    /// <summary>Whether the thread is to be given up: codex does not find it, and it is gone.</summary>
    public static bool GivesUp(ResumeProblem problem, ThreadWhereabouts found) =>
        problem == ResumeProblem.ThreadUnknown && found.State == RolloutState.Gone;

    /// <summary>The failure of the turn.</summary>
    /// <param name="problem">What codex said, in one word.</param>
    /// <param name="stderrTail">What it said.</param>
    /// <param name="found">What has become of the thread.</param>
    public TurnFailure Explain(ResumeProblem problem, string stderrTail, ThreadWhereabouts found)
    {
        var words = WordsOf(stderrTail, found);
        var (code, what, remedy, command) = Judge(problem, found, words);
        return new TurnFailure(
            code,
            $"codex did not continue the thread {thread}: {what}. {remedy}{(command is null ? "" : " The command is at the end.")} "
                + $"Or begin a new thread with \"plexum-codex thread --new {agent}\", or with new_thread in a request; the agent keeps "
                + $"this one until then.{(words.Length == 0 ? "" : $" codex says: {words}.")}{(command is null ? "" : $"\n{command}")}",
            TurnErrorClass.Session,
            Retryable: code is ThreadProblem.Unreachable or ThreadProblem.StateUnusable
        );
    }

    private Refusal Judge(ResumeProblem problem, ThreadWhereabouts found, string words) =>
        problem switch
        {
            ResumeProblem.StateUnusable => new(ThreadProblem.StateUnusable, "codex's index of threads cannot be used", NewIndex(), null),
            ResumeProblem.ThreadArchived => new(
                ThreadProblem.Archived,
                "it is archived",
                found.State is RolloutState.Archived or RolloutState.There
                    ? "Bring it back."
                    : $"Its rollout is not found in {codexHome}/archived_sessions, so bring that directory back first.",
                ThreadLocator.CommandOf(codexHome, "unarchive", thread)
            ),
            ResumeProblem.ThreadUnreachable => new(
                ThreadProblem.Unreachable,
                found.Problem ?? "codex may not look for it",
                found.Remedy ?? SessionsRemedy(),
                found.Command
            ),
            ResumeProblem.ThreadOtherProvider => new(
                ThreadProblem.OtherProvider,
                "it was begun with another model provider than codex is configured for now",
                ProviderRemedy(),
                null
            ),
            ResumeProblem.ThreadUnreadable => Unreadable(found, words),
            _ => Missing(found, words),
        };

    // Its path was named already, and codex names it once or twice more.
    private static string WordsOf(string stderrTail, ThreadWhereabouts found)
    {
        var words = ResumeProblems.WordsOf(stderrTail);
        return found.Path is { } path ? words.Replace(path, "[its rollout]", StringComparison.Ordinal) : words;
    }

    private static Refusal Unreadable(ThreadWhereabouts found, string words) =>
        new(
            ThreadProblem.Unreadable,
            found.Path is { } path
                ? $"its rollout {path} cannot be loaded{(found.Problem is { } fault ? $", because {fault}" : "")}"
                : found.Problem ?? "its rollout cannot be loaded",
            found.Remedy ?? Otherwise(words),
            found.Command
        );

    // codex found no rollout.
    private Refusal Missing(ThreadWhereabouts found, string words) =>
        found.State switch
        {
            RolloutState.Unreadable => Unreadable(found, words),
            RolloutState.Archived => new(
                ThreadProblem.Archived,
                $"its rollout {found.Path} is in the archive, but codex does not know that it is archived",
                "Move the file back to sessions/ of codex's home, into the directory of the day in its name.",
                found.Path is { } archived ? ArchivedRollout.CommandToMoveBack(archived) : null
            ),
            RolloutState.There => new(
                ThreadProblem.Unreachable,
                $"its rollout is {found.Path}, but codex's index of threads has another place for it",
                NewIndex(),
                null
            ),
            _ => new(
                ThreadProblem.Unreachable,
                $"codex does not find it, and {found.Problem ?? "it is not certain that it is gone"}",
                found.Remedy ?? SessionsRemedy(),
                found.Command
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

    private string NewIndex() =>
        $"Move state_5.sqlite, state_5.sqlite-wal and state_5.sqlite-shm out of {codexHome} while no codex runs; codex makes its index "
        + "anew from the rollouts.";

    private readonly record struct Refusal(string Code, string What, string Remedy, string? Command);
}
