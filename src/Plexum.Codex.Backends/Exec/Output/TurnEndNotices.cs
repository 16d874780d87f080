using Plexum.Codex.Events;
using Plexum.Codex.Output;

namespace Plexum.Codex.Exec.Output;

/// <summary>What readers should know about the end of a turn that codex completed.</summary>
internal static class TurnEndNotices
{
    public static IEnumerable<CanonicalEvent.Notice> Of(ExecEnd end, SettledAnswer answer)
    {
        foreach (var told in AnswerNotices.Of(answer))
        {
            yield return told;
        }

        if (OfDeath(end) is { } notice)
        {
            yield return notice;
        }
    }

    private static CanonicalEvent.Notice? OfDeath(ExecEnd end) =>
        end.Cause switch
        {
            ExecEndCause.StoppedAfterCompletion => new CanonicalEvent.Notice(
                NoticeCodes.DidNotExit,
                "codex finished the turn but did not exit, so it was stopped. A common cause is an MCP server that does not exit."
            ),
            ExecEndCause.Cancelled => Stopped("the turn was cancelled"),
            ExecEndCause.TimedOut => Stopped("the turn exceeded its time limit"),
            ExecEndCause.OutputTooLarge => new CanonicalEvent.Notice(
                NoticeCodes.BadExit,
                "codex finished the turn and was killed because it had printed more than a turn may. The turn is done."
            ),
            _ => end.Exit.IsSuccess || end.Exit.IsUnknown ? null : new CanonicalEvent.Notice(NoticeCodes.BadExit, OfExit(end)),
        };

    private static CanonicalEvent.Notice Stopped(string cause) =>
        new(NoticeCodes.DidNotExit, $"codex finished the turn, but had not exited when {cause}, so it was stopped. The turn is done.");

    private static string OfExit(ExecEnd end)
    {
        var how = $"codex finished the turn and then {end.Exit.Describe()}. The turn is done.";
        var tail = end.StderrTail.Trim();
        return tail.Length == 0 ? how : $"{how} Its last output: {CodexFailureText.Shorten(tail)}";
    }
}
