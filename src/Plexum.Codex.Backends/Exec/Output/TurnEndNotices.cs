using Plexum.Codex.Events;

namespace Plexum.Codex.Exec.Output;

/// <summary>What readers should know about the end of a turn that codex completed.</summary>
internal static class TurnEndNotices
{
    public static IEnumerable<CanonicalEvent.Notice> Of(ExecEnd end, SettledAnswer answer)
    {
        if (answer.Recovered is not null)
        {
            yield return new CanonicalEvent.Notice(
                NoticeCodes.AnswerRecovered,
                "codex's last message could not be read from its output; it was taken from codex's own record of the thread."
            );
        }

        if (!answer.HasFinal)
        {
            yield return new CanonicalEvent.Notice(
                NoticeCodes.NoFinalMessage,
                "codex ended the turn without a final message. What it said during its work is no answer; ask it to continue."
            );
        }

        if (end.Cause == ExecEndCause.StoppedAfterCompletion)
        {
            yield return new CanonicalEvent.Notice(
                NoticeCodes.DidNotExit,
                "codex finished the turn but did not exit, so it was stopped. A common cause is an MCP server that does not exit."
            );
        }
        else if (end.Cause == ExecEndCause.Exited && !end.Exit.IsSuccess && !end.Exit.IsUnknown)
        {
            yield return new CanonicalEvent.Notice(NoticeCodes.BadExit, OfExit(end));
        }
    }

    private static string OfExit(ExecEnd end)
    {
        var how = $"codex finished the turn and then {end.Exit.Describe()}. The turn is done.";
        var tail = end.StderrTail.Trim();
        return tail.Length == 0 ? how : $"{how} Its last output: {CodexFailureText.Shorten(tail)}";
    }
}
