using Plexum.Codex.Rollouts.Reading.Fields;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Output;

/// <summary>
/// Knows whether a turn's answer has been told: the agent's last message, unless codex worked on after it. Codex's own record settles it
/// where it says something, since a line may be lost without a trace. Where it does not, what could not be read after that message raises
/// a doubt. Not thread-safe.
/// </summary>
internal sealed class AnswerWatch
{
    // Far more than codex runs at once; those beyond it count as begun when they end.
    private const int MaxOpen = 1000;

    private readonly HashSet<string> _open = new(StringComparer.Ordinal);
    private long _told;
    private string? _last;
    private bool _workedOn;
    private bool _workedSinceDoubt;
    private bool _ended;
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
            loss = _ended ? MessageLoss.Possible : loss;
            (_doubt, _workedSinceDoubt) = (loss > _doubt ? loss : _doubt, false);
        }
    }

    /// <summary>
    /// codex reported the turn's end, which it prints last (measured on 0.169.0 and 0.171.0): what comes after it takes no answer away.
    /// </summary>
    public void Ends() => _ended = true;

    /// <summary>
    /// codex is about to begin the turn: what was not understood so far was of a program around it, or of a start that it refused.
    /// </summary>
    public void ForgetDoubts() => _doubt = MessageLoss.None;

    /// <summary>Settles the answer of a turn that codex completed.</summary>
    /// <param name="recorded">The turn's messages in codex's record; null if that cannot be read.</param>
    public SettledAnswer Settle(RecordedMessages? recorded)
    {
        if (LostOf(recorded) is { } lost)
        {
            // Where the record has no work, nobody knows for certain whether the lost message came before the work or after it.
            var cameLast = !(recorded!.IsFollowedByWork ?? (_doubt == MessageLoss.None ? _workedOn : _workedSinceDoubt));
            var hasFinal = LabelOf(recorded, lost) ?? (recorded.End is { } end ? AreSame(end.Answer, lost) : cameLast);
            return new SettledAnswer(lost, IsMissing: !hasFinal && MayLackMore(recorded), hasFinal);
        }

        if (_last is null)
        {
            return new SettledAnswer(null, IsMissing(recorded, isOpen: true), HasFinal: false);
        }

        var isAnswer = recorded?.End is { Answer: { } answer } && AreSame(answer, _last);
        var isDenied = _doubt != MessageLoss.None && recorded?.End is { Answer: null };
        var isFinal = LabelOf(recorded, _last) ?? (isAnswer || (!_workedOn && !isDenied));
        return new SettledAnswer(null, IsMissing(recorded, isOpen: !isFinal), isFinal);
    }

    // A turn is open if it told no answer: whatever was not understood since its last message may have been it.
    private bool IsMissing(RecordedMessages? recorded, bool isOpen) =>
        _doubt switch
        {
            MessageLoss.Certain => recorded?.End?.Answer is null && !(recorded?.Count > _told),
            MessageLoss.Probable => !Settles(recorded),
            MessageLoss.Possible => isOpen && !Settles(recorded),
            _ => isOpen && MayLackMore(recorded),
        };

    private static bool MayLackMore(RecordedMessages? recorded) => recorded is { MayLack: true, End: null };

    private static bool Settles(RecordedMessages? recorded) => recorded is { IsWhole: true } or { End: not null };

    // The message that the record has and that was not told; null if there is none.
    private string? LostOf(RecordedMessages? recorded)
    {
        // The same words again are another message if codex worked in between.
        var isMore = recorded?.Count > _told;
        if (recorded?.End?.Answer is { } answer)
        {
            return !AreSame(answer, _last) || (isMore && _workedOn) ? answer : null;
        }

        var isLost = isMore && (!AreSame(recorded!.Last, _last) || (recorded.End is null && _workedOn));
        return isLost || IsCut(recorded) ? recorded!.Last : null;
    }

    // Only the beginning of the message was told.
    private bool IsCut(RecordedMessages? recorded) =>
        recorded is { Last: { } whole }
        && recorded.Count == _told
        && !AreSame(whole, _last)
        && whole.TrimStart().StartsWith(_last!.Trim(), StringComparison.Ordinal);

    private static bool? LabelOf(RecordedMessages? recorded, string? text) => AreSame(recorded?.Last, text) ? recorded?.IsFinal : null;

    // White space around a message is not a part of what it says.
    private static bool AreSame(string? one, string? other) => one?.Trim() == other?.Trim();
}

/// <summary>What is known of a turn's answer at its end.</summary>
/// <param name="Recovered">The last message, if it is not told yet; null if it is, or if there is none.</param>
/// <param name="IsMissing">Whether there probably was one that can be had from nowhere.</param>
/// <param name="HasFinal">Whether the last message is the answer and no commentary. False for a turn without any message.</param>
internal readonly record struct SettledAnswer(string? Recovered, bool IsMissing, bool HasFinal);
