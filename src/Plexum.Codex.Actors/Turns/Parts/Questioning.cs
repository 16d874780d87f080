using System.Collections.Immutable;
using Akka.Actor;
using Plexum.Codex.Approvals;
using Plexum.Codex.Backend;

namespace Plexum.Codex.Turns.Parts;

/// <summary>
/// The questions of codex in a turn: each is put on record and told to readers, waits for its answer until its deadline, and is declined
/// then. One that codex asks again is neither told nor counted again. Part of the turn's actor, whose timers it gets with each call.
/// </summary>
/// <param name="turn">The turn.</param>
/// <param name="self">The turn's actor.</param>
/// <param name="cancel">Cancels the turn. Called in the actor's own turn.</param>
/// <param name="lost">What the actor is told if the log cannot be written.</param>
internal sealed class Questioning(IQuestionedTurn turn, IActorRef self, Action cancel, Func<Exception, object> lost)
{
    private static readonly TimeSpan MinWait = TimeSpan.FromMilliseconds(1);

    private readonly Dictionary<ApprovalId, Asking> _asked = [];
    private readonly QuestionRecord _record = new(turn);
    private bool _isOver;

    /// <summary>The run asks, or needs no answer any more.</summary>
    /// <param name="report">What it says.</param>
    /// <param name="run">The run.</param>
    /// <param name="timers">The actor's timers.</param>
    public void Take(CodexBackendProtocol.IQuestionReport report, IActorRef run, ITimerScheduler timers)
    {
        switch (report)
        {
            case CodexBackendProtocol.Asked asked when !_isOver:
                Ask(asked.Question, run, timers);
                break;
            case CodexBackendProtocol.Withdrawn withdrawn when _asked.GetValueOrDefault(withdrawn.Id) is { Answer: null } asking:
                Decide(asking, ApprovalAnswer.Declined, ApprovalAnswerers.Turn, timers);
                break;
        }
    }

    /// <summary>A step is done, somebody answers, or time is up.</summary>
    /// <param name="step">What it is.</param>
    /// <param name="sender">Who answers.</param>
    /// <param name="timers">The actor's timers.</param>
    public void Take(IQuestionStep step, IActorRef sender, ITimerScheduler timers)
    {
        switch (step)
        {
            case AnswerQuestion answer:
                Answer(answer, sender, timers);
                break;
            case QuestionKept { Approval: var kept } when _asked.GetValueOrDefault(kept.Question.Id) is { } asking:
                Await(asking, kept, timers);
                break;
            case QuestionOverdue overdue when _asked.GetValueOrDefault(overdue.Id) is { Answer: null } asking:
                Decide(asking, ApprovalAnswer.Declined, ApprovalAnswerers.Deadline, timers);
                break;
            case AnswerKept kept when _asked.GetValueOrDefault(kept.Id) is { } asking:
                Tell(asking);
                break;
        }
    }

    /// <summary>Codex no longer works on the turn, so nothing is asked any more.</summary>
    public void End()
    {
        if (_isOver)
        {
            return;
        }

        _isOver = true;
        if (_asked.Count > 0)
        {
            var open = _asked.Values.Where(asking => asking.Answer is null).Select(asking => asking.Question.Id).ToImmutableArray();
            turn.Do(() => _record.CloseAsync(open)).PipeTo(self, failure: lost);
        }

        foreach (var asking in _asked.Values)
        {
            asking.Answer ??= ApprovalAnswer.Declined;
            asking.By ??= ApprovalAnswerers.Turn;
        }
    }

    private void Ask(ApprovalQuestion question, IActorRef run, ITimerScheduler timers)
    {
        if (_asked.TryGetValue(question.Id, out var known))
        {
            // Codex may not have got the answer.
            if (known.IsTold)
            {
                Tell(known, run);
            }

            known.Run = run;
            return;
        }

        var asking = _asked[question.Id] = new Asking(question) { Run = run };
        var asked = new PendingApproval(turn.TurnId, turn.AgentId, question, turn.Now, turn.Now + turn.TimeToAnswer);
        if (!turn.HasAnswerer)
        {
            // Nobody expects a question, so nobody would answer it.
            turn.Do(() => _record.TellAsync(asked)).PipeTo(self, success: kept => new QuestionKept(kept), failure: lost);
            Decide(asking, ApprovalAnswer.Declined, ApprovalAnswerers.Policy, timers);
        }
        else
        {
            turn.Do(() => _record.AskAsync(asked)).PipeTo(self, success: kept => new QuestionKept(kept), failure: lost);
        }
    }

    private void Await(Asking asking, PendingApproval kept, ITimerScheduler timers)
    {
        if (asking.Answer is not null)
        {
            return;
        }

        // Codex need not say all of it again.
        asking.Question = kept.Question;
        if (kept.Answer is { } answer)
        {
            // An earlier process of this program had it, and codex did not get it.
            Decide(asking, answer, kept.AnsweredBy ?? ApprovalAnswerers.Owner, timers);
            return;
        }

        var wait = kept.ExpiresAt - turn.Now;
        timers.StartSingleTimer(TimerOf(asking), new QuestionOverdue(asking.Question.Id), wait > MinWait ? wait : MinWait);
    }

    private void Answer(AnswerQuestion command, IActorRef sender, ITimerScheduler timers)
    {
        var asking = _asked.GetValueOrDefault(command.Id);
        if (asking is null)
        {
            sender.Tell(new ApprovalReceipt(_isOver ? ApprovalOutcome.NotRunning : ApprovalOutcome.NotAsked));
        }
        else if (asking.Answer is { } before)
        {
            sender.Tell(new ApprovalReceipt(ApprovalOutcome.AnsweredBefore) { Decision = before.Decision, By = asking.By });
        }
        else if (AnswerCheck.WhyNot(asking.Question, command.Answer) is { } unfit)
        {
            sender.Tell(unfit);
        }
        else
        {
            asking.Asker = sender;
            Decide(asking, command.Answer, command.By, timers);
        }
    }

    // Codex gets the answer once it is on record, so that a crash in between cannot lose or change it.
    private void Decide(Asking asking, ApprovalAnswer answer, string by, ITimerScheduler timers)
    {
        (asking.Answer, asking.By) = (answer, by);
        timers.Cancel(TimerOf(asking));
        turn.Do(() => _record.AnswerAsync(asking.Question, answer, by)).PipeTo(self, success: id => new AnswerKept(id), failure: lost);
    }

    private void Tell(Asking asking)
    {
        asking.Asker?.Tell(new ApprovalReceipt(ApprovalOutcome.Taken) { Decision = asking.Answer!.Decision, By = asking.By });
        Tell(asking, asking.Run);
    }

    // Not every question of codex has an answer that ends the turn, but an interrupt withdraws every question.
    private void Tell(Asking asking, IActorRef run)
    {
        asking.IsTold = true;
        if (asking.Answer!.Decision == ApprovalDecision.Cancel)
        {
            cancel();
        }
        else if (asking.By != ApprovalAnswerers.Turn)
        {
            run.Tell(new CodexBackendProtocol.Answer(asking.Question.Id, asking.Answer), self);
        }
    }

    private static string TimerOf(Asking asking) => $"question-{asking.Question.Id}";

    private sealed class Asking(ApprovalQuestion question)
    {
        public ApprovalQuestion Question { get; set; } = question;

        public required IActorRef Run { get; set; }

        public ApprovalAnswer? Answer { get; set; }

        public string? By { get; set; }

        public IActorRef? Asker { get; set; }

        public bool IsTold { get; set; }
    }
}
