using Plexum.Codex.Events;

namespace Plexum.Codex.Output;

/// <summary>What readers should know about the answer of a turn that codex completed.</summary>
internal static class AnswerNotices
{
    /// <summary>The notices, in order.</summary>
    public static IEnumerable<CanonicalEvent.Notice> Of(SettledAnswer answer)
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
    }
}
