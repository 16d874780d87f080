using Plexum.Codex.Exec.Output.Decoding;
using Plexum.Codex.Rollouts.Reading.Fields;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Exec.Output;

/// <summary>
/// Knows whether a turn's answer has been told: the agent's last message, unless codex worked on after it. What could not be read after
/// that message raises a doubt, which codex's own record settles. Not thread-safe.
/// </summary>
internal sealed class AnswerWatch
{
    // Far more than codex runs at once; those beyond it count as begun when they end.
    private const int MaxOpen = 1000;

    private readonly HashSet<string> _open = new(StringComparer.Ordinal);
    private long _told;
    private string? _last;
    private bool _worked;
    private bool _workedOn;
    private bool _workedSinceDoubt;
    private MessageLoss _doubt;

    /// <summary>A message was told. A blank one says nothing and is no answer.</summary>
    public void Told(string text)
    {
        if (!string.IsNullOrWhiteSpace(text))
        {
            _told++;
            (_last, _workedOn, _doubt) = (text, false, MessageLoss.None);
        }
    }

    /// <summary>
    /// Codex began work or finished it. What began before the last message and ends after it, as a command in the background does
    /// (measured on 0.169.0 and 0.171.0), does not make that message a commentary.
    /// </summary>
    public void Works(string id, ActivityPhase phase)
    {
        var begins = phase switch
        {
            ActivityPhase.Started => _open.Count >= MaxOpen || _open.Add(id),
            ActivityPhase.Completed => !_open.Remove(id),
            _ => false,
        };
        _worked |= begins;
        _workedOn |= begins;
        _workedSinceDoubt |= begins;

        // What was lost before this was a commentary. An end whose beginning is lost too proves nothing.
        if (begins && phase == ActivityPhase.Started && _doubt > MessageLoss.Possible)
        {
            _doubt = MessageLoss.Possible;
        }
    }

    /// <summary>Something was not understood.</summary>
    public void Missed(MessageLoss loss)
    {
        if (loss != MessageLoss.None)
        {
            (_doubt, _workedSinceDoubt) = (loss > _doubt ? loss : _doubt, false);
        }
    }

    /// <summary>
    /// codex is about to begin the turn: what was not understood so far was of a program around it, or of a start that it refused.
    /// </summary>
    public void ForgetDoubts() => _doubt = MessageLoss.None;

    /// <summary>Settles the answer of a turn that codex completed.</summary>
    /// <param name="recorded">The turn's messages in codex's record; null if that cannot be read.</param>
    public SettledAnswer Settle(RecordedMessages? recorded)
    {
        if (_doubt != MessageLoss.None && LostOf(recorded) is { } lost)
        {
            var isLast = recorded!.End is { } end ? end.Answer == lost : !_workedSinceDoubt;
            return new SettledAnswer(lost, IsMissing: false, HasFinal: LabelOf(recorded, lost) ?? isLast);
        }

        var isMissing = _doubt switch
        {
            MessageLoss.Certain => recorded?.End?.Answer is null && !(recorded?.Count > _told),
            MessageLoss.Probable => recorded is not ({ IsWhole: true } or { End: not null }),
            _ => false,
        };
        var isDenied = _doubt != MessageLoss.None && recorded?.End is { Answer: null };
        var isFinal = LabelOf(recorded, _last) ?? (!_workedOn && !isDenied);

        // A turn in which nothing was said or done has nothing that could be taken for its answer.
        return new SettledAnswer(null, isMissing, HasFinal: _last is null ? !_worked : isFinal);
    }

    // The message that the record has and that was not told; null if there is none.
    private string? LostOf(RecordedMessages? recorded)
    {
        // The same words again are another message if codex worked in between.
        var isMore = recorded?.Count > _told;
        if (recorded?.End?.Answer is { } answer)
        {
            return answer != _last || (isMore && _workedOn) ? answer : null;
        }

        return isMore && (recorded!.Last != _last || (recorded.End is null && _workedOn)) ? recorded.Last : null;
    }

    private static bool? LabelOf(RecordedMessages? recorded, string? text) => recorded?.Last == text ? recorded?.IsFinal : null;
}

/// <summary>What is known of a turn's answer at its end.</summary>
/// <param name="Recovered">The last message, if it is not told yet; null if it is, or if there is none.</param>
/// <param name="IsMissing">Whether there probably was one that can be had from nowhere.</param>
/// <param name="HasFinal">Whether the last message is the answer and no commentary. True for a turn without message and work.</param>
internal readonly record struct SettledAnswer(string? Recovered, bool IsMissing, bool HasFinal);
