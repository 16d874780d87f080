using Plexum.Codex.Gateway;
using Plexum.Codex.Inbox;
using Plexum.Codex.Ledger;
using Plexum.Codex.Molecule.Platform;
using Plexum.Codex.Molecule.Rules;
using Plexum.Codex.Requests;
using Xunit;

namespace Plexum.Codex.Molecule.Inbox;

/// <summary>Conversations side by side, replies that do not go through, dead letters, and the guard.</summary>
public sealed class InboxDeliverySpecs : InboxTestKit
{
    [Fact]
    public void Threads_run_side_by_side_and_one_thread_in_its_order()
    {
        Stage.Script(
            "[prompt slow]",
            "thread",
            "turn",
            "touch " + Stage.File("ready"),
            "wait " + Stage.File("go"),
            "say ${prompt}",
            "completed 1 1",
            "[else]",
            "thread",
            "turn",
            "say ${prompt}",
            "completed 1 1"
        );
        _ = Inbox;
        Platform.Post(FromUser("a1", "slow 1"), FromUser("a2", "2"), FromPeer("b1", "p1", "x"), FromPeer("b2", "p1", "y"));

        AwaitReplies(2);
        Assert.Equal(["x", "y"], Platform.Replies.Select(reply => reply.Text));
        AwaitFile("ready");
        Stage.Touch("go");

        AwaitReplies(4);
        Assert.Equal(["slow 1", "2"], Platform.Replies.Skip(2).Select(reply => reply.Text));
    }

    [Fact]
    public void A_turn_that_was_accepted_goes_on_where_that_cannot_be_noted()
    {
        Sys.ActorOf(InboxActor.Props(NewInbox() with { Submitted = (_, _) => Task.FromException(new IOException("disk full")) }));

        Platform.Post(FromUser("a1", "hello"));

        AwaitReplies(1);
    }

    [Fact]
    public void A_reply_that_is_blocked_blocks_its_own_thread_only()
    {
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Platform.BeforeReply = reply => reply.To == "p1" ? gate.Task : Task.CompletedTask;
        _ = Inbox;
        Platform.Post(FromPeer("a1", "p1", "1"), FromPeer("a2", "p1", "2"), FromPeer("b1", "p2", "x"), FromPeer("b2", "p2", "y"));

        AwaitReplies(2);
        Assert.Equal(["x", "y"], Platform.Replies.Select(reply => reply.Text));
        Assert.Equal(3, Stage.Calls.Count);
        gate.SetResult();

        AwaitReplies(4);
        AwaitSettled();
    }

    [Fact]
    public void A_reply_that_fails_too_often_becomes_a_dead_letter_and_is_sent_when_requeued()
    {
        InboxSettings = InboxSettings with { ReplyAttempts = 3 };
        Platform.FailReply = reply => reply.Text == "bad" ? new PlatformException("peer says no") : null;
        _ = Inbox;
        Platform.Post(FromUser("a1", "bad"), FromUser("a2", "good"));

        AdvanceUntil(TimeSpan.FromSeconds(5), () => Assert.Single(Platform.Replies));

        Assert.Equal("good", Platform.Replies[0].Text);
        Assert.Equal(3, Platform.Attempts.Count(attempt => attempt.Text == "bad"));
        Eventually(() => Assert.Equal(new InboxCounts(0, 0, 1, 0), Counts()));
        var letter = Assert.Single(Ask<InboxProtocol.DeadLettersFound>(new InboxProtocol.GetDeadLetters()).Letters);
        Assert.Equal(
            ("a1", true, "peer says no", CanvasConversation),
            (letter.ActivityId, letter.HasReply, letter.Problem, letter.Conversation)
        );

        Platform.FailReply = _ => null;
        Assert.Equal(0, Ask<InboxProtocol.Requeued>(new InboxProtocol.Requeue("unknown")).Count);
        Assert.Equal(1, Ask<InboxProtocol.Requeued>(new InboxProtocol.Requeue("a1")).Count);

        AwaitReplies(2);
        AwaitSettled();
        Assert.Equal(2, Stage.Calls.Count);
    }

    [Fact]
    public void A_reply_that_the_platform_will_never_take_is_a_dead_letter_at_once()
    {
        Platform.FailReply = _ => new DeliveryRefusedException("talk_to_user_disabled");
        _ = Inbox;
        Platform.Post(FromUser("a1"));

        Eventually(() => Assert.Equal(new InboxCounts(0, 0, 1, 0), Counts()));
        Assert.Single(Platform.Attempts);
    }

    [Fact]
    public void A_reply_is_tried_less_and_less_often_and_not_before_the_platform_wants_it()
    {
        var failures = 0;
        Platform.FailReply = _ => new PlatformUnavailableException($"no {++failures}", failures == 3 ? TimeSpan.FromSeconds(90) : null);
        _ = Inbox;
        Platform.Post(FromUser("a1"));
        var at = new List<DateTimeOffset>();
        while (at.Count < 5)
        {
            // A timer that is set late fires late; none may fire early.
            Eventually(() =>
            {
                Assert.True(Status().Counts.Answered == 1);
                Clock.Advance(TimeSpan.FromMilliseconds(at.Count == 0 ? 0 : 500));
                Assert.True(Platform.Attempts.Length > at.Count);
            });
            at.Add(Clock.Now);
        }

        var pauses = at.Zip(at.Skip(1), (earlier, later) => (later - earlier).TotalSeconds).ToList();
        Assert.All(pauses.Zip([1.0, 2, 90, 8]), pair => Assert.True(pair.First >= pair.Second - 0.5, string.Join(", ", pauses)));
    }

    [Fact]
    public void While_the_platform_is_down_replies_are_kept_and_not_tried()
    {
        Stage.Script("thread", "turn", "touch " + Stage.File("ready"), "wait " + Stage.File("go"), "say ${prompt}", "completed 1 1");
        _ = Inbox;
        Platform.Post(FromUser("a1"), FromPeer("a2"));
        AwaitFile("ready");
        Platform.FailWait = () => new PlatformUnavailableException("down");
        Platform.Nudge();
        Eventually(() => Assert.Equal(InboxPhase.PlatformDown, Status().Phase));
        Stage.Touch("go");
        Eventually(() => Assert.Equal(2, Counts().Answered));
        Clock.Advance(TimeSpan.FromHours(2));
        Eventually(() => Assert.True(Platform.Waits > 2));
        Assert.Empty(Platform.Attempts);

        Platform.FailWait = () => null;
        AdvanceUntil(TimeSpan.FromMinutes(1), () =>
        {
            Platform.Post(new InboundMessage(Guid.NewGuid().ToString(), "unknown", "", "", ""));
            Assert.Equal(2, Platform.Replies.Length);
        });
    }

    [Fact]
    public void A_workspace_that_is_refused_is_asked_nothing_more_and_keeps_its_replies()
    {
        Stage.Script("thread", "turn", "touch " + Stage.File("ready"), "wait " + Stage.File("go"), "say ${prompt}", "completed 1 1");
        Sys.EventStream.Subscribe(TestActor, typeof(InboxProtocol.WorkspaceRefused));
        _ = Inbox;
        Platform.Post(FromUser("a1"));
        AwaitFile("ready");
        Platform.FailWait = () => new PlatformRefusedException("401: token revoked");

        EventFilter
            .Error()
            .ExpectOne(() =>
            {
                Platform.Nudge();
                Assert.Equal("401: token revoked", ExpectMsg<InboxProtocol.WorkspaceRefused>().Problem);
            });
        Stage.Touch("go");
        Eventually(() => Assert.Equal(1, Counts().Answered));
        var waits = Platform.Waits;
        Clock.Advance(TimeSpan.FromDays(1));

        Assert.Equal((InboxPhase.Refused, "401: token revoked"), (Status().Phase, Status().LastError));
        Assert.Equal(waits, Platform.Waits);
        Assert.Empty(Platform.Attempts);

        Platform.FailWait = () => null;
        Restart();
        AwaitReplies(1);
        AwaitSettled();
        Assert.Single(Stage.Calls);
    }

    [Fact]
    public void A_token_that_is_refused_with_a_reply_closes_the_inbox_as_well()
    {
        Platform.FailReply = _ => new PlatformRefusedException("403: gone");
        _ = Inbox;
        Platform.Post(FromUser("a1"));

        Eventually(() => Assert.Equal((InboxPhase.Refused, "403: gone"), (Status().Phase, Status().LastError)));
        Assert.Equal(new InboxCounts(0, 1, 0, 0), Counts());
    }

    [Fact]
    public void Two_agents_that_answer_each_other_are_stopped_and_the_rest_is_a_dead_letter()
    {
        InboxSettings = InboxSettings with { PeerExchanges = 3 };
        var time = new ManualTime(TimeProvider.System.GetUtcNow());
        InboxTime = time;
        _ = Inbox;
        for (var i = 1; i <= 4; i++)
        {
            time.Advance(TimeSpan.FromSeconds(1));
            Platform.Post(FromPeer($"a{i}"));
            AwaitReplies(i);
            AwaitSettled();
        }

        time.Advance(TimeSpan.FromSeconds(1));
        Platform.Post(FromPeer("a5"), FromPeer("b1", "p2"));
        AwaitReplies(5);
        Eventually(() => Assert.Equal(new InboxCounts(0, 0, 1, 0), Counts()));
        Assert.Equal("p2", Platform.Replies[^1].To);
        var letter = Assert.Single(Ask<InboxProtocol.DeadLettersFound>(new InboxProtocol.GetDeadLetters()).Letters);
        Assert.Equal(("a5", "p1", false), (letter.ActivityId, letter.PeerId, letter.HasReply));

        Assert.Equal(1, Ask<InboxProtocol.Requeued>(new InboxProtocol.Requeue(null)).Count);
        AwaitReplies(6);
        AwaitSettled();
    }

    [Fact]
    public void A_peer_that_had_its_budget_of_replies_waits_for_the_rest()
    {
        InboxSettings = InboxSettings with { PeerReplies = 2, PeerWindow = TimeSpan.FromMinutes(10) };
        var time = new ManualTime(TimeProvider.System.GetUtcNow());
        InboxTime = time;
        _ = Inbox;
        Platform.Post(FromPeer("a1"), FromPeer("a2"), FromPeer("a3"), FromUser("b1"));
        AwaitReplies(3);
        Eventually(() => Assert.Equal(new InboxCounts(1, 0, 0, 0), Counts()));
        Assert.DoesNotContain(ReplyId.Of("a3"), Platform.Replies.Select(reply => reply.MessageId));

        time.Advance(TimeSpan.FromMinutes(10));
        AdvanceUntil(TimeSpan.FromMinutes(10), () => Assert.Equal(4, Platform.Replies.Length));
        AwaitSettled();
    }

    [Fact]
    public void A_message_that_is_too_long_for_codex_is_answered_with_the_reason()
    {
        Answered(FromUser("a1", new string('x', Prompt.MaxCharacters + 1)));

        Assert.StartsWith("(codex was not asked: the message is longer", Assert.Single(Platform.Replies).Text, StringComparison.Ordinal);
        Assert.Empty(Stage.Calls);
    }

    [Fact]
    public void While_the_program_accepts_no_turns_a_message_waits_and_nothing_is_reported_to_its_sender()
    {
        State = GatewayState.ShuttingDown;
        _ = Inbox;
        EventFilter
            .Warning()
            .Expect(0, TimeSpan.Zero, () =>
            {
                Platform.Post(FromUser("a1"));
                AdvanceUntil(InboxSettings.FirstBackOff, () => Assert.True(Submissions > 3));
            });
        Assert.Null(Status().LastError);
        Assert.Empty(Stage.Calls);

        State = GatewayState.Open;
        AdvanceUntil(TimeSpan.FromSeconds(1), () => Assert.Single(Platform.Replies));

        AwaitSettled();
        Assert.Equal("hello", Platform.Replies[0].Text);
    }

    [Fact]
    public void A_workspace_that_cannot_be_used_is_reported_without_its_path()
    {
        Directory.CreateDirectory(Path.Combine(ProfileRoot, InboxSettings.Workspaces));
        File.WriteAllText(WorkspaceOf(CanvasConversation), "no directory");

        Answered(FromUser("a1"));

        Assert.Equal("(codex failed with workspace: this chat's workspace cannot be used)", Assert.Single(Platform.Replies).Text);
    }

    [Fact]
    public void While_messages_cannot_be_written_down_no_new_ones_are_taken_and_none_are_lost()
    {
        _ = Inbox;
        Journal.FailReceive = () => new LedgerUnavailableException("The disk is full.");
        Platform.Post(FromUser("a1"));
        Eventually(() => Assert.Equal((InboxPhase.JournalDown, "The disk is full."), (Status().Phase, Status().LastError)));
        var waits = Platform.Waits;
        Platform.Post(FromUser("a2"));
        Clock.Advance(TimeSpan.FromMinutes(10));
        Assert.Equal(waits, Platform.Waits);

        Journal.FailReceive = () => null;
        AdvanceUntil(TimeSpan.FromMinutes(1), () => Assert.Equal(2, Platform.Replies.Length));

        AwaitSettled();
        Assert.Equal(InboxPhase.Listening, Status().Phase);
    }

    [Fact]
    public void What_was_done_is_forgotten_after_its_time_and_not_while_the_clock_is_doubtful()
    {
        var time = ManualTime.Running();
        InboxTime = time;
        Answered(FromUser("a1"));
        Clock.Advance(TimeSpan.Zero);
        Status();

        time.Offset = InboxSettings.Handled + TimeSpan.FromDays(1);
        Clock.Advance(TimeSpan.FromHours(1));
        Status();
        Assert.Equal(1, KnownMessages());

        Clock.Advance(TimeSpan.FromHours(1));
        Eventually(() => Assert.Equal(0, KnownMessages()));
    }

    [Fact]
    public void Neither_messages_nor_replies_get_into_the_log()
    {
        var lines = new System.Collections.Concurrent.ConcurrentQueue<string>();
        var listener = Sys.ActorOf(Akka.Actor.Props.Create(() => new LogListener(lines)));
        Sys.EventStream.Subscribe(listener, typeof(Akka.Event.LogEvent));
        Stage.Script("thread", "turn", "say planted-reply", "completed 1 1");
        var failures = 0;
        Platform.FailReply = _ => ++failures <= 2 ? new PlatformException("no") : null;
        _ = Inbox;
        Platform.Post(FromUser("a1", "planted-prompt"), new InboundMessage("a2", "unknown", "p1", "planted-poison"));
        Inbox.Tell(FromUser("a3", "planted-stray"), Akka.Actor.ActorRefs.NoSender);
        AdvanceUntil(TimeSpan.FromSeconds(1), () => Assert.Single(Platform.Replies));
        AwaitSettled();
        Restart();
        AwaitSettled();
        Identify(listener);

        Assert.Contains(lines, line => line.Contains("message a1", StringComparison.Ordinal));
        Assert.DoesNotContain(lines, line => line.Contains("planted", StringComparison.Ordinal));
    }

    [Fact]
    public void A_message_that_comes_while_its_thread_finds_nothing_to_do_is_answered()
    {
        var (nothing, gate) = (new TaskCompletionSource(), new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        _ = Inbox;
        Journal.AfterFindNext = entry =>
        {
            if (entry is null && nothing.TrySetResult())
            {
                return gate.Task;
            }

            return Task.CompletedTask;
        };
        Platform.Post(FromUser("a1"));
        Eventually(() => Assert.True(nothing.Task.IsCompleted));
        var waits = Platform.Waits;
        Platform.Post(FromUser("a2"));

        // The thread is woken before the next question.
        Eventually(() => Assert.Equal(waits + 1, Platform.Waits));
        gate.SetResult();

        AwaitReplies(2);
    }

    [Fact]
    public void Acknowledgements_that_never_work_do_not_hold_up_the_others()
    {
        Platform.FailPop = id => id.StartsWith("bad", StringComparison.Ordinal) ? new PlatformException("404") : null;
        _ = Inbox;
        Platform.Post([
            .. Enumerable.Range(1, 9).Select(i => new InboundMessage($"bad{i}", "unknown", "", "")),
            .. Enumerable.Range(1, 9).Select(i => new InboundMessage($"good{i}", "unknown", "", "")),
        ]);

        AdvanceUntil(TimeSpan.FromSeconds(10), () => Assert.Equal(9, Platform.Rows.Length));
        Assert.All(Platform.Rows, id => Assert.StartsWith("bad", id, StringComparison.Ordinal));

        Platform.FailPop = _ => null;
        AdvanceUntil(TimeSpan.FromSeconds(10), () => Assert.Empty(Platform.Rows));
        AwaitSettled();
    }

    [Fact]
    public void Conversations_without_work_leave_the_memory()
    {
        Answered(FromUser("a1"), FromPeer("a2"));

        Eventually(() => Assert.Equal(0, Status().OpenConversations));
        Platform.Post(FromUser("a3"));
        AwaitReplies(3);
    }

    private sealed class LogListener : Akka.Actor.ReceiveActor
    {
        public LogListener(System.Collections.Concurrent.ConcurrentQueue<string> lines) =>
            Receive<Akka.Event.LogEvent>(line => lines.Enqueue(line.ToString()!));
    }
}
