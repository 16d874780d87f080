using System.Collections.Concurrent;
using Akka.Actor;
using Akka.TestKit;
using Plexum.Codex.Inbox;
using Plexum.Codex.Molecule.Platform;
using Xunit;

namespace Plexum.Codex.Molecule.Inbox;

public sealed class DeliveryActorSpecs : InboxTestKit
{
    private readonly ConcurrentQueue<TaskCompletionSource> _gates = new();
    private readonly TestProbe _threads;
    private readonly IActorRef _deliveries;

    public DeliveryActorSpecs()
    {
        Platform.BeforeReply = _ =>
        {
            var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _gates.Enqueue(gate);
            return gate.Task;
        };
        _threads = CreateTestProbe();
        _deliveries = Sys.ActorOf(DeliveryActor.Props(NewInbox()));
    }

    [Fact]
    public void No_more_replies_are_under_way_at_once_than_allowed()
    {
        Order(1, 20);
        AwaitCalls(16);
        Identify(_deliveries);
        Assert.Equal(16, Platform.Attempts.Length);

        Release(1);

        Assert.IsType<InboxChildProtocol.Delivered>(_threads.ReceiveOne());
        AwaitCalls(17);
    }

    [Fact]
    public void A_reply_that_is_asked_for_again_while_it_is_under_way_is_sent_once()
    {
        Order(1, 1);
        AwaitCalls(1);
        Order(1, 1);
        Identify(_deliveries);

        Release(1);

        Assert.Equal(new InboxChildProtocol.Delivered("a1"), _threads.ExpectMsg<InboxChildProtocol.Delivered>());
        Assert.Single(Platform.Attempts);
    }

    [Fact]
    public void Failure_upon_failure_leaves_one_reply_at_a_time_to_try_the_platform_until_it_works()
    {
        Platform.FailReply = _ => new PlatformUnavailableException("503");
        Order(1, 20);
        AwaitCalls(16);

        // The first two that fail make room for two more.
        Release(18);
        _threads.ReceiveN(18);
        Order(21, 4);

        foreach (var (seconds, tries) in new[] { (1, 19), (2, 20), (4, 21) })
        {
            Clock.Advance(TimeSpan.FromSeconds(seconds) - TimeSpan.FromMilliseconds(1));
            Identify(_deliveries);
            Assert.Equal(tries - 1, Platform.Attempts.Length);
            Clock.Advance(TimeSpan.FromMilliseconds(1));
            AwaitCalls(tries);
            Identify(_deliveries);
            Assert.Equal(tries, Platform.Attempts.Length);
            Release(1);
            Assert.IsType<InboxChildProtocol.NotDelivered>(_threads.ReceiveOne());
        }

        Platform.FailReply = _ => null;
        Clock.Advance(TimeSpan.FromSeconds(8));
        AwaitCalls(22);
        Release(1);
        Assert.IsType<InboxChildProtocol.Delivered>(_threads.ReceiveOne());
        AwaitCalls(24);
    }

    [Fact]
    public void One_peer_that_cannot_be_reached_does_not_hold_up_the_others()
    {
        Platform.FailReply = reply => reply.To == "p1" ? new PlatformUnavailableException("502") : null;
        for (var round = 0; round < 5; round++)
        {
            Order(1, 1);
            Order(2 + round, 1);
            AwaitCalls((2 * round) + 2);
            Release(2);
            _threads.ReceiveN(2);
        }

        Assert.Equal(5, Platform.Replies.Length);
    }

    [Fact]
    public void A_program_that_stops_waits_for_the_replies_that_are_under_way_and_begins_no_others()
    {
        var program = CreateTestProbe();
        Order(1, 18);
        AwaitCalls(16);
        _deliveries.Tell(InboxProtocol.Close.Instance, program.Ref);
        Release(15);
        _threads.ReceiveN(15);
        Identify(_deliveries);
        Assert.False(program.HasMessages);

        Release(1);

        program.ExpectMsg<InboxProtocol.Closed>();
        Assert.Equal(16, Platform.Attempts.Length);
    }

    [Fact]
    public void A_call_without_an_end_is_given_up()
    {
        var never = new TaskCompletionSource();
        Platform.BeforeReply = _ => never.Task;
        var time = new ManualTime();
        InboxTime = time;
        var deliveries = Sys.ActorOf(DeliveryActor.Props(NewInbox()));

        deliveries.Tell(NewOrder(1), _threads.Ref);
        AwaitCalls(1);
        time.Advance(TimeSpan.FromHours(1));

        Assert.IsType<PlatformUnavailableException>(_threads.ExpectMsg<InboxChildProtocol.NotDelivered>().Cause);
    }

    private static InboxChildProtocol.Deliver NewOrder(int number) =>
        new(
            new InboxEntry(
                $"a{number}",
                new InboxChat(PeerConversation($"p{number}"), $"p{number}", Own, ""),
                "reply",
                0,
                false,
                DateTimeOffset.UnixEpoch
            ),
            "reply"
        );

    private void Order(int first, int count)
    {
        foreach (var number in Enumerable.Range(first, count))
        {
            _deliveries.Tell(NewOrder(number), _threads.Ref);
        }
    }

    private void AwaitCalls(int count) => Eventually(() => Assert.Equal(count, Platform.Attempts.Length));

    private void Release(int count)
    {
        for (var released = 0; released < count; released++)
        {
            TaskCompletionSource? gate = null;
            Eventually(() => Assert.True(_gates.TryDequeue(out gate)));
            gate!.SetResult();
        }
    }
}
