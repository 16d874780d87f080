using Plexum.Codex.Events;
using Plexum.Codex.Files;
using Plexum.Codex.Gateway;
using Plexum.Codex.Options;
using Plexum.Codex.Requests;
using Plexum.Codex.Turns;
using Xunit;

namespace Plexum.Codex.Molecule.Rules;

public sealed class TurnReplySpecs : IDisposable
{
    private static readonly InboxSettings Settings = new();

    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void The_last_message_that_says_anything_is_the_reply() =>
        Assert.Equal(
            "two",
            Reply(
                StopReason.EndTurn,
                new CanonicalEvent.TextDelta("one"),
                new CanonicalEvent.TextDelta(" two\n"),
                new CanonicalEvent.TextDelta(" ")
            )
        );

    [Fact]
    public void A_message_that_codex_said_before_more_work_is_no_reply() =>
        Assert.Equal(
            Settings.Placeholder,
            Reply(
                StopReason.EndTurn,
                new CanonicalEvent.TextDelta("I shall look."),
                new CanonicalEvent.Notice(NoticeCodes.NoFinalMessage, "secret")
            )
        );

    [Fact]
    public void Of_an_answer_that_could_not_be_read_the_sender_is_told_that_it_was_lost() =>
        Assert.Equal(
            "(codex answered, but its answer was lost)",
            Reply(
                StopReason.Error,
                new CanonicalEvent.TextDelta("I shall look."),
                new CanonicalEvent.Error(ErrorCodes.AnswerMissing, "secret", TurnErrorClass.Process, null, false)
            )
        );

    [Fact]
    public void A_turn_that_is_to_ask_and_cannot_says_so_whenever_that_is_found_out()
    {
        const string Told = "(codex was not asked: it is to ask before it acts, and codex exec cannot)";
        var error = new CanonicalEvent.Error("approvals_unsupported", "secret", TurnErrorClass.Request, null, false);

        Assert.Equal(Told, TurnReply.Of(TurnRefusal.ApprovalsUnsupported(ApprovalPolicy.Untrusted)));
        Assert.Equal(Told, Reply(StopReason.Error, error));
    }

    [Fact]
    public void Each_end_without_an_answer_has_a_sentence_of_its_own()
    {
        Assert.Equal(Settings.Placeholder, Reply(StopReason.EndTurn));
        Assert.Equal("(codex timed out after 600s)", Reply(StopReason.Timeout, new CanonicalEvent.TextDelta("half")));
        Assert.Equal("(codex was stopped before it answered)", Reply(StopReason.Cancelled));
        Assert.Equal("(codex answered, but its answer was lost)", TurnReply.Of(Lost(StopReason.EndTurn, null), Settings));
        Assert.Equal(
            "(codex failed with usage_limit: its account has reached its usage limit; it resets at 2026-05-04 18:30 UTC)",
            Reply(
                StopReason.Error,
                new CanonicalEvent.Error(
                    "c",
                    "secret /path",
                    TurnErrorClass.UsageLimit,
                    new DateTimeOffset(2026, 5, 4, 18, 30, 0, TimeSpan.Zero),
                    true
                )
            )
        );
        Assert.Equal(
            "(codex failed with workspace: this chat's workspace cannot be used)",
            TurnReply.Of(Lost(StopReason.Error, new TurnFailure("c", "secret", TurnErrorClass.Workspace, false)), Settings)
        );
    }

    [Fact]
    public void Every_class_of_errors_is_explained()
    {
        var sentences = Enum.GetValues<TurnErrorClass>()
            .Select(error => Reply(StopReason.Error, new CanonicalEvent.Error("c", "secret", error, null, false)))
            .ToList();

        Assert.Equal(sentences.Count, sentences.Distinct().Count());
        Assert.All(sentences, sentence => Assert.DoesNotContain("secret", sentence, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(TurnRefusalReason.QueueFull, true)]
    [InlineData(TurnRefusalReason.IdempotencyKeyReused, false)]
    [InlineData(TurnRefusalReason.LedgerUnavailable, true)]
    [InlineData(TurnRefusalReason.PromptTooLong, false)]
    [InlineData(TurnRefusalReason.WorkspaceNotWritable, false)]
    [InlineData(TurnRefusalReason.WorkspaceGone, false)]
    [InlineData(TurnRefusalReason.WorkspaceUnknown, true)]
    public void What_may_pass_is_not_told_to_the_sender(TurnRefusalReason reason, bool mayPass)
    {
        var refusal = new TurnRefusal(reason, "secret /path");

        Assert.Equal(mayPass, refusal.MayPass);
        Assert.DoesNotContain("secret", TurnReply.Of(refusal), StringComparison.Ordinal);
    }

    private string Reply(StopReason reason, params CanonicalEvent[] events)
    {
        var path = _directory.File(Guid.NewGuid().ToString("N"));
        using (var log = TurnLog.Open(path))
        {
            log.Append([.. events, new CanonicalEvent.MessageEnd(reason, default, default, null, TimeSpan.Zero)]);
        }

        return TurnReply.Of(FinishedTurn.Of(TurnLogReader.Look(path)), Settings);
    }

    private static FinishedTurn Lost(StopReason reason, TurnFailure? failure) =>
        new(new CanonicalEvent.MessageEnd(reason, default, default, null, TimeSpan.Zero), failure?.ToEvent(), null, IsLogWhole: false);
}
