using Akka.Actor;
using Plexum.Codex.Inbox;
using Plexum.Codex.Ledger;
using Plexum.Codex.Molecule.Platform;
using Plexum.Codex.Molecule.Rules;
using Plexum.Codex.TestSupport.Agents;
using Xunit;

namespace Plexum.Codex.Molecule.Inbox;

/// <summary>A death at each state of a message: nothing is lost, nothing is answered twice.</summary>
public sealed class InboxRestartSpecs : InboxTestKit
{
    [Theory]
    [InlineData("before Receive")]
    [InlineData("after Receive")]
    [InlineData("before FindNext")]
    [InlineData("before KeepReply")]
    [InlineData("after KeepReply")]
    [InlineData("before Delivered")]
    [InlineData("after Delivered")]
    [InlineData("before Acknowledged")]
    [InlineData("after Acknowledged")]
    public async Task A_death_there_neither_loses_a_message_nor_runs_codex_twice(string point)
    {
        StartInbox(point);
        Platform.Post(FromUser("a1", "from the user"), FromPeer("a2", "p1", "from a peer"));
        await Journal.Reached.WithinLimit();

        Restart();

        Eventually(() => Assert.Equal(2, Platform.Replies.Select(reply => reply.MessageId).Distinct().Count()));
        AwaitSettled();
        Assert.Equal(["from a peer", "from the user"], Stage.Calls.Select(call => call.Prompt).Order(StringComparer.Ordinal));
        Assert.Equal(["from a peer"], Platform.Replies.Where(reply => reply.To == "p1").Select(reply => reply.Text));

        // Only between the platform's yes and the note of it may a reply to the user, which the platform cannot tell apart, be sent twice.
        var toUser = Platform.Replies.Count(reply => reply.To == PlatformStandIn.User);
        Assert.InRange(toUser, 1, point == "before Delivered" ? 2 : 1);
    }

    [Fact]
    public void A_death_while_codex_runs_has_its_turn_recovered_and_answered()
    {
        Stage.Script("thread", "turn", "touch " + Stage.File("ready"), "wait " + Stage.File("go"), "say ${prompt}", "completed 1 1");
        _ = Inbox;
        Platform.Post(FromUser("a1", "first"), FromUser("a2", "second"));
        AwaitFile("ready");

        Restart();
        Stage.Touch("go");

        AwaitReplies(2);
        AwaitSettled();
        Assert.Equal(["first", "second"], Platform.Replies.Select(reply => reply.Text));
        Assert.Equal(["first", "second"], Stage.Calls.Select(call => call.Prompt));
    }

    [Fact]
    public async Task A_message_keeps_its_turn_though_the_settings_of_turns_have_changed()
    {
        StartInbox("before KeepReply");
        Platform.Post(FromUser("a1"));
        await Journal.Reached.WithinLimit();
        InboxSettings = InboxSettings with { TurnTimeout = InboxSettings.TurnTimeout * 2, Workspaces = "elsewhere" };

        Restart();

        AwaitReplies(1);
        AwaitSettled();
        Assert.Equal("hello", Platform.Replies[0].Text);
        Assert.Single(Stage.Calls);
    }

    [Fact]
    public void A_turn_that_ended_while_nobody_listened_is_answered_from_its_log()
    {
        Stage.Script("thread", "turn", "touch " + Stage.File("ready"), "wait " + Stage.File("go"), "say the answer", "completed 1 1");
        _ = Inbox;
        Platform.Post(FromUser("a1"));
        AwaitFile("ready");
        var codex = LastCodex();
        Stop();
        Stage.Touch("go");
        Eventually(() => Assert.False(codex.IsRunning));

        Restart();

        AwaitReplies(1);
        Assert.Equal("the answer", Platform.Replies[0].Text);
        AwaitSettled();
        Assert.Single(Stage.Calls);
    }

    [Fact]
    public void Messages_of_the_last_run_go_before_new_ones_of_the_same_thread()
    {
        Stage.Script("thread", "turn", "touch " + Stage.File("ready"), "wait " + Stage.File("go"), "say ${prompt}", "completed 1 1");
        _ = Inbox;
        Platform.Post(FromUser("a1", "1"), FromUser("a2", "2"), FromUser("a3", "3"));
        AwaitFile("ready");
        Eventually(() => Assert.Equal(3, Counts().Received));
        Stop();
        Platform.Post(FromUser("a4", "4"));

        Restart();
        Stage.Touch("go");

        AwaitReplies(4);
        Assert.Equal(["1", "2", "3", "4"], Platform.Replies.Select(reply => reply.Text));
    }

    [Fact]
    public void A_message_that_is_handed_out_again_is_acknowledged_and_not_answered()
    {
        Answered(FromUser("a1"));
        Platform.Post(FromUser("a1"));

        Restart();

        Eventually(() => Assert.Equal(["a1", "a1"], Platform.Pops.ToArray()));
        AwaitSettled();
        Assert.Single(Platform.Attempts);
        Assert.Single(Stage.Calls);
    }

    [Fact]
    public void An_inbox_that_fails_is_restarted_without_losing_what_it_was_handed()
    {
        // The platform hands a message out once; what it was handed and could not write down is only in its memory.
        var (failures, mistakes) = (0, 0);
        Random = () => Interlocked.Increment(ref mistakes) == 1 ? throw new InvalidOperationException("a mistake") : 0;
        _ = Inbox;
        Journal.FailReceive = () => ++failures == 1 ? new LedgerUnavailableException("The disk is full.") : null;
        Platform.Post(FromUser("a1", "1"));

        AwaitReplies(1);
        AwaitSettled();
        Assert.Equal(1, mistakes);
        Platform.Post(FromUser("a2", "2"));
        AwaitReplies(2);
    }

    [Fact]
    public void A_batch_that_was_written_does_not_make_the_inbox_forget_another_that_was_not()
    {
        var failures = 0;
        _ = Inbox;
        Journal.FailReceive = () => ++failures == 1 ? new LedgerUnavailableException("The disk is full.") : null;
        Platform.Post(FromUser("a1", "1"));
        Eventually(() => Assert.Equal(InboxPhase.JournalDown, Status().Phase));
        Inbox.Tell(new InboxChildProtocol.MessagesCame(0, [FromPeer("a2", "p1", "2")], TimeSpan.Zero));
        AwaitReplies(1);

        Inbox.Restart();

        AwaitReplies(2);
        AwaitSettled();
    }

    [Fact]
    public async Task A_poll_that_is_cut_off_by_a_failure_counts_as_one_failure_and_is_followed_by_one_poll()
    {
        var failures = 0;
        Random = () => Interlocked.Increment(ref failures) * 0.0;
        _ = Inbox;
        Eventually(() => Assert.Equal(1, Platform.Waits));
        var poll = await Sys.ActorSelection(Inbox.Path / "poll").ResolveOne(Limits.Wait);

        poll.Restart();
        Eventually(() => Assert.Equal(InboxPhase.PlatformDown, Status().Phase));
        AdvanceUntil(InboxSettings.FirstBackOff, () => Assert.Equal(2, Platform.Waits));
        Platform.Post(FromUser("a1"));

        AwaitReplies(1);
        AwaitSettled();
        Eventually(() => Assert.Equal(3, Platform.Waits));
        Assert.Equal(1, failures);
    }

    [Fact]
    public void A_failing_part_of_the_inbox_is_replaced_and_the_messages_go_on()
    {
        // Each part asks for a random number when something of its own fails, and here that makes the part itself fail.
        var (replies, pops, mistakes) = (0, 0, 0);
        Random = () => Interlocked.Increment(ref mistakes) <= 3 ? throw new InvalidOperationException("a mistake") : 0;
        Platform.FailReply = _ => ++replies <= 4 ? new PlatformUnavailableException("503") : null;
        Platform.FailPop = _ => ++pops <= 3 ? new PlatformException("no pop") : null;
        _ = Inbox;
        Platform.Post(FromUser("a1", "1"), FromPeer("a2", "p1", "2"), FromPeer("a3", "p2", "3"));

        AdvanceUntil(TimeSpan.FromSeconds(1), () => Assert.Equal(3, Platform.Replies.Length));
        AdvanceUntil(TimeSpan.FromSeconds(1), () => Assert.Empty(Platform.Rows));
        AwaitSettled();
        Assert.True(mistakes > 3);
        Assert.Equal(["1", "2", "3"], Stage.Calls.Select(call => call.Prompt).Order(StringComparer.Ordinal));
    }
}
