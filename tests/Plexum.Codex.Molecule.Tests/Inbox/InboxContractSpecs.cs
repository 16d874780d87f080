using System.Text.Json;
using Plexum.Codex.Inbox;
using Plexum.Codex.Molecule.Mcp;
using Plexum.Codex.Molecule.Platform;
using Plexum.Codex.Molecule.Rules;
using Xunit;

namespace Plexum.Codex.Molecule.Inbox;

/// <summary>What the bridge that this inbox takes the place of promised, each promise by its name there.</summary>
public sealed class InboxContractSpecs : InboxTestKit
{
    [Fact]
    public void A_canvas_message_is_answered_to_the_user_and_then_popped()
    {
        var repliesAtPop = -1;
        Platform.FailPop = _ =>
        {
            repliesAtPop = Platform.Replies.Length;
            return null;
        };

        Answered(FromUser("a1", "hi there"));

        Assert.Equal(new TakenReply(PlatformStandIn.User, "hi there", Own, ReplyId.Of("a1")), Assert.Single(Platform.Replies));
        Assert.Equal(("a1", 1), (Assert.Single(Platform.Pops), repliesAtPop));
    }

    [Fact]
    public void A_peer_s_message_is_answered_to_that_peer_and_then_popped()
    {
        Answered(FromPeer("a1", "p7", "hi there"));

        Assert.Equal(new TakenReply("p7", "hi there", Own, ReplyId.Of("a1")), Assert.Single(Platform.Replies));
        Assert.Equal("a1", Assert.Single(Platform.Pops));
    }

    [Fact]
    public void The_second_message_of_a_thread_resumes_the_session_of_the_first_and_another_thread_has_its_own()
    {
        Answered(FromUser("a1"));
        AnsweredNext(FromUser("a2"), 2);
        AnsweredNext(FromPeer("a3"), 3);

        var threads = Stage.Calls.Select(call => call.Argv.ElementAtOrDefault(1) == "resume" ? call.Argv[2] : null).ToList();
        Assert.Null(threads[0]);
        Assert.NotNull(threads[1]);
        Assert.Null(threads[2]);
        Assert.Equal(
            [WorkspaceOf(CanvasConversation), WorkspaceOf(CanvasConversation), WorkspaceOf(PeerConversation("p1"))],
            Stage.Calls.Select(call => call.Cwd)
        );
    }

    [Fact]
    public void Sessions_survive_a_restart()
    {
        Answered(FromUser("a1"));
        Restart();

        AnsweredNext(FromUser("a2"), 2);

        Assert.Equal("resume", Stage.Calls[1].Argv[1]);
    }

    [Fact]
    public void A_wait_without_a_message_runs_nothing_replies_nothing_and_pops_nothing()
    {
        _ = Inbox;
        Eventually(() => Assert.Equal(1, Platform.Waits));
        Platform.Nudge();

        Assert.Equal(new InboxCounts(0, 0, 0, 0), Counts());
        Assert.Empty(Stage.Calls);
        Assert.Empty(Platform.Attempts);
        Assert.Empty(Platform.Pops);
    }

    [Fact]
    public void A_reply_that_failed_is_kept_not_popped_and_sent_again_without_codex()
    {
        Platform.FailReply = _ => new PlatformException("no");
        _ = Inbox;
        Platform.Post(FromUser("a1"));
        Eventually(() => Assert.Equal(new InboxCounts(0, 1, 0, 0), Counts()));
        Eventually(() => Assert.Equal("no", Status().LastError));
        Assert.Empty(Platform.Pops);

        Platform.FailReply = _ => null;
        AdvanceUntil(TimeSpan.FromSeconds(1), () => Assert.Single(Platform.Replies));

        AwaitSettled();
        Assert.Single(Stage.Calls);
        Assert.Single(Platform.Attempts.Select(attempt => attempt.MessageId).Distinct());
    }

    [Fact]
    public void A_codex_that_failed_is_told_to_the_sender_with_the_class_of_the_error_and_nothing_of_its_words()
    {
        Stage.Script(
            "[call 1]",
            "thread",
            "turn",
            "stderr panicked at /home/ann/secret.rs:7",
            "exit 3",
            "[else]",
            "thread",
            "turn",
            "say half",
            "failed You've hit your usage limit. See /home/ann/key-sk-123"
        );

        Answered(FromUser("a1"));
        AnsweredNext(FromUser("a2"), 2);

        Assert.StartsWith("(codex failed with process: ", Platform.Replies[0].Text, StringComparison.Ordinal);
        Assert.StartsWith(
            "(codex failed with usage_limit: its account has reached its usage limit",
            Platform.Replies[1].Text,
            StringComparison.Ordinal
        );
        Assert.All(Platform.Replies, reply =>
        {
            Assert.DoesNotContain("/", reply.Text, StringComparison.Ordinal);
            Assert.DoesNotContain("sk-123", reply.Text, StringComparison.Ordinal);
        });
    }

    [Fact]
    public void The_text_parts_of_an_a2a_message_reach_codex_as_one_prompt()
    {
        var payload = JsonSerializer.Serialize(
            new
            {
                activity_id = "a1",
                kind = "canvas_user",
                peer_id = "",
                parts = new object[] { new { kind = "text", text = "one " }, new { kind = "file" }, new { type = "text", text = "two" } },
            }
        );

        Answered(Assert.IsType<InboxPayload.Arrived>(InboxPayload.Read(payload)).Message);

        Assert.Equal("one two", Assert.Single(Stage.Calls).Prompt);
    }

    [Fact]
    public void The_questions_of_an_inbox_whose_platform_is_down_come_less_and_less_often_and_at_once_after_the_first_success()
    {
        var failures = 0;
        Platform.FailWait = () => new PlatformUnavailableException($"down {++failures}");
        _ = Inbox;
        foreach (var (seconds, failure) in new[] { 1, 2, 4, 8, 16, 32, 60, 60 }.Select((seconds, index) => (seconds, index + 1)))
        {
            AwaitQuestion(failure);
            Assert.Equal(InboxPhase.PlatformDown, Status().Phase);
            Clock.Advance(TimeSpan.FromSeconds(seconds) - TimeSpan.FromMilliseconds(1));
            Assert.Equal(($"down {failure}", failure), (Status().LastError, Platform.Waits));
            Clock.Advance(TimeSpan.FromMilliseconds(1));
        }

        AwaitQuestion(9);
        Platform.FailWait = () => null;
        Platform.Post(FromUser("a1"));
        Clock.Advance(TimeSpan.FromSeconds(60));
        AwaitReplies(1);
        Assert.Equal(InboxPhase.Listening, Status().Phase);

        // The next failure begins at one second again.
        Platform.FailWait = () => new PlatformUnavailableException($"down {++failures}");
        Platform.Nudge();
        AwaitQuestion(10);
        var waits = Platform.Waits;
        Clock.Advance(TimeSpan.FromSeconds(1));
        Eventually(() => Assert.Equal(waits + 1, Platform.Waits));
    }

    [Fact]
    public void A_pop_that_failed_is_tried_again_and_codex_is_not()
    {
        Platform.FailPop = _ => new PlatformException("no pop");
        _ = Inbox;
        Platform.Post(FromUser("a1"));
        AwaitReplies(1);
        Eventually(() => Assert.Equal((new InboxCounts(0, 0, 0, 1), "no pop"), (Counts(), Status().LastError)));
        Restart();
        Eventually(() => Assert.Equal("no pop", Status().LastError));

        Platform.FailPop = _ => null;
        AdvanceUntil(TimeSpan.FromSeconds(1), () => Assert.Empty(Platform.Rows));

        AwaitSettled();
        Assert.Single(Stage.Calls);
        Assert.Single(Platform.Attempts);
    }

    [Theory]
    [InlineData("peer_agent", "")]
    [InlineData("delegation_result", "p1")]
    [InlineData("something_new", "p1")]
    public void A_row_that_cannot_be_answered_is_drained_without_codex(string kind, string peer)
    {
        _ = Inbox;
        Platform.Post(new InboundMessage("a1", kind, peer, "text"));

        AwaitSettled();
        Assert.Equal("a1", Assert.Single(Platform.Pops));
        Assert.Empty(Stage.Calls);
        Assert.Empty(Platform.Attempts);
    }

    [Fact]
    public void Where_codex_says_nothing_a_placeholder_is_sent()
    {
        Stage.Script("thread", "turn", "say  ", "completed 1 1");

        Answered(FromUser("a1"));

        Assert.Equal(InboxSettings.Placeholder, Assert.Single(Platform.Replies).Text);
    }

    [Fact]
    public void A_canvas_reply_goes_to_the_workspace_of_arrival_and_else_to_the_own_one()
    {
        _ = Inbox;
        Platform.Post(FromUser("a1"), FromUser("a2") with { ArrivalWorkspaceId = "w-other" });

        AwaitReplies(2);
        Assert.Equal([Own, "w-other"], Platform.Replies.Select(reply => reply.WorkspaceId).Order(StringComparer.Ordinal).Reverse());
        Assert.Equal(2, Stage.Calls.Select(call => call.Cwd).Distinct().Count());
    }

    [Fact]
    public void A_turn_that_takes_too_long_is_told_as_the_bridge_told_it()
    {
        Settings = Settings with { TurnTimeout = TimeSpan.FromHours(1) };
        InboxSettings = InboxSettings with { TurnTimeout = TimeSpan.FromSeconds(600) };
        Stage.Script("on INT exit 1", "thread", "turn", "touch " + Stage.File("ready"), "hang");
        _ = Inbox;
        Platform.Post(FromUser("a1"));
        AwaitFile("ready");

        Clock.Advance(TimeSpan.FromSeconds(600));

        AwaitReplies(1);
        Assert.Equal("(codex timed out after 600s)", Platform.Replies[0].Text);
    }

    [Fact]
    public void The_reply_is_codex_s_last_message()
    {
        Stage.Script("thread", "turn", "say I shall look.", "command ls", "say  It is done. ", "completed 1 1");

        Answered(FromUser("a1"));

        Assert.Equal("It is done.", Assert.Single(Platform.Replies).Text);
    }

    [Fact]
    public void What_codex_said_before_its_last_work_is_not_sent()
    {
        Stage.Script("thread", "turn", "say I shall look.", "command ls", "completed 1 1");

        Answered(FromUser("a1"));

        Assert.Equal(InboxSettings.Placeholder, Assert.Single(Platform.Replies).Text);
    }

    private void AnsweredNext(InboundMessage message, int replies)
    {
        Platform.Post(message);
        AwaitReplies(replies);
        AwaitSettled();
    }

    // The error is noted in the same step that sets the timer.
    private void AwaitQuestion(int failure) => Eventually(() => Assert.Equal($"down {failure}", Status().LastError));
}
