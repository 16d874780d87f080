using Akka.Actor;
using Akka.Event;
using Plexum.Codex.Gateway;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Inbox;

/// <summary>Has codex answer. The turn's idempotency key is the message's id, so it runs once however often it is submitted.</summary>
internal sealed partial class ChatThreadActor
{
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(30);

    private readonly CancellationTokenSource _stopped = new();
    private TurnId _turn;

    private void Turns()
    {
        Receive<Submitted>(submitted => OnSubmitted(submitted.Answer), IsCurrent);
        Receive<Finished>(finished => OnFinished(finished.Turn), IsCurrent);
    }

    private void Submit()
    {
        Enter(ChatThreadPhase.Submitting);
        var request = new TurnRequest(_thread, _environment.WorkspaceOf(_thread), null, [TurnMessage.User(_entry!.Chat.Text)])
        {
            Timeout = _environment.Settings.TurnTimeout,
        };
        var submission = new TurnSubmission(request, "molecule-" + _entry.ActivityId);
        Continue(_environment.Gateway.SubmitAsync(submission, _stopped.Token), (step, answer) => new Submitted(step, answer));
    }

    private void OnSubmitted(Submission answer)
    {
        switch (answer)
        {
            case Submission.Accepted { TurnId: var turn }:
                Await(turn);
                break;

            // The key names the message. Only settings can have changed the request since, and the message keeps its turn.
            case Submission.Refused { Earlier: { } turn }:
                Await(turn);
                break;
            case Submission.Refused { MayPass: false, Refusal: var refusal }:
                LogRefused(refusal.Code);
                KeepText(TurnReply.Of(refusal));
                break;
            default:
                OnFailure(new CodexException(answer.Problem!));
                break;
        }
    }

    private void Await(TurnId turn)
    {
        Enter(ChatThreadPhase.Running);
        _turn = turn;
        LogTurn();
        Continue(_environment.Gateway.FinishAsync(turn, Heartbeat, _stopped.Token), (step, finished) => new Finished(step, finished));
    }

    private void OnFinished(FinishedTurn? turn)
    {
        if (turn is null)
        {
            OnFailure(new CodexException($"The ledger does not know the turn {_turn}; it is submitted again."));
            return;
        }

        LogAnswered(turn.StopReason);
        KeepText(TurnReply.Of(turn, _environment.Settings));
    }

    private void KeepText(string text)
    {
        Enter(ChatThreadPhase.Keeping);
        var keeping = _environment.Journal.KeepReplyAsync(_entry!.ActivityId, text, _environment.Time.GetUtcNow());
        Continue(keeping, step => new ReplyKept(step, text));
    }

    private sealed record Submitted(long Step, Submission Answer) : IStep, IDeadLetterSuppression;

    private sealed record Finished(long Step, FinishedTurn? Turn) : IStep, IDeadLetterSuppression
    {
        // Replies are not for logs.
        public override string ToString() => "Finished";
    }
}
