using Akka.Actor;
using Akka.Event;
using Xunit;

namespace Plexum.ActorKernel.Tests.Actors;

public class StashSpecs : ActorSpecs
{
    [Fact]
    public async Task H1_UnstashAll_puts_the_stashed_messages_in_order_before_those_in_the_mailbox()
    {
        var actor = Stasher(a => a.On<string>(text =>
        {
            if (text != "open")
            {
                a.Stash.Stash();
                return;
            }

            a.Me.Tell("already in the mailbox");
            a.Stash.UnstashAll();
            a.Turn(() => a.On<string>(Note));
        }));

        TellAll(actor, "one", "two", "three", "open");

        await ExpectNotes("one", "two", "three", "already in the mailbox");
    }

    [Fact]
    public async Task H2_Unstash_brings_back_the_oldest_message_only()
    {
        var actor = Stasher(a =>
        {
            var open = false;
            a.On<string>(text =>
            {
                if (open)
                {
                    Note($"{text}, {a.Stash.Count} left");
                }
                else if (text == "open")
                {
                    open = true;
                    a.Stash.Unstash();
                }
                else
                {
                    a.Stash.Stash();
                }
            });
        });

        TellAll(actor, "one", "two", "open", "next");

        await ExpectNotes("one, 1 left", "next, 1 left");
    }

    [Fact]
    public async Task H3_a_message_cannot_be_stashed_twice_in_one_turn()
    {
        var actor = Stasher(a => a.On<string>(_ =>
        {
            a.Stash.Stash();
            Note(Record.Exception(a.Stash.Stash));
        }));

        actor.Tell("mine", TestActor);

        Assert.Contains("mine", (await ExpectMsgAsync<IllegalActorStateException>()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task H4_a_message_can_be_stashed_again_after_it_was_unstashed()
    {
        var actor = Stasher(a =>
        {
            var rounds = 0;
            a.On<string>(text =>
            {
                if (++rounds < 4)
                {
                    a.Stash.Stash();
                    a.Stash.UnstashAll();
                    return;
                }

                Note($"{text} in round {rounds}");
            });
        });

        actor.Tell("patient", TestActor);

        await ExpectNotes("patient in round 4");
    }

    [Fact]
    public async Task H5_a_stashed_message_keeps_its_sender()
    {
        var other = CreateTestProbe();
        var actor = Stasher(a => a.On<string>(text =>
        {
            if (text == "open")
            {
                a.Turn(() => a.On<string>(later => a.From.Tell("answer to " + later)));
                a.Stash.UnstashAll();
                return;
            }

            a.Stash.Stash();
        }));

        actor.Tell("question", other.Ref);
        actor.Tell("open", TestActor);

        await other.ExpectMsgAsync("answer to question");
    }

    [Fact]
    public async Task H6_a_restart_puts_the_stashed_messages_back_before_those_in_the_mailbox()
    {
        var incarnations = 0;
        var actor = Stasher(a =>
        {
            if (++incarnations == 2)
            {
                a.On<string>(Note);
                return;
            }

            a.On<string>(_ => a.Stash.Stash());
            a.On<Exception>(failure =>
            {
                a.Me.Tell("in the mailbox");
                throw failure;
            });
        });

        TellAll(actor, "one", "two", new InvalidOperationException("restart"));

        await ExpectNotes("one", "two", "in the mailbox");
    }

    [Fact]
    public async Task H7_when_the_actor_stops_the_stashed_messages_become_dead_letters()
    {
        var dead = Subscribed(typeof(DeadLetter));
        var actor = Stasher(a => a.On<string>(_ => a.Stash.Stash()));

        TellAll(actor, "one", "two", PoisonPill.Instance);

        Assert.Equal("one", (await dead.ExpectMsgAsync<DeadLetter>()).Message);
        var second = await dead.ExpectMsgAsync<DeadLetter>();
        Assert.Equal("two", second.Message);
        Assert.Equal(actor, second.Recipient);
    }

    [Fact]
    public async Task H8_a_stash_has_no_bound_unless_it_is_given_one()
    {
        var actor = Stasher(a => a.On<int>(n =>
        {
            a.Stash.Stash();
            if (n == 20_000)
            {
                Note((a.Stash.Count, a.Stash.IsFull));
            }
        }));

        for (var n = 1; n <= 20_000; n++)
        {
            actor.Tell(n, TestActor);
        }

        await ExpectMsgAsync((20_000, false));
    }

    [Fact]
    public async Task H9_a_bounded_stash_that_is_full_throws_a_StashOverflowException()
    {
        var actor = Sys.ActorOf(ScriptedStasher.Of(a => a.On<string>(text =>
        {
            Note(Record.Exception(a.Stash.Stash)?.GetType().Name ?? $"{text} stashed");
        })).WithStashCapacity(2));

        TellAll(actor, "one", "two", "three");

        await ExpectNotes("one stashed", "two stashed", nameof(StashOverflowException));
    }

    [Fact]
    public async Task H10_IWithUnboundedStash_gives_a_stash_too()
    {
        var actor = Sys.ActorOf(Props.Create(() => new Unbounded(TestActor)));

        TellAll(actor, "one", "two", "open");

        await ExpectNotes("one", "two");
    }

    [Fact]
    public async Task H11_a_stashed_Terminated_is_delivered_after_it_was_unstashed()
    {
        var subject = Start(_ => { });
        var actor = Stasher(a =>
        {
            a.Ctx.Watch(subject);
            a.On<Terminated>(_ =>
            {
                a.Stash.Stash();
                Note("stashed");
            });
            a.On<string>(_ =>
            {
                a.Turn(() => a.On<Terminated>(t => Note(t.ActorRef)));
                a.Stash.UnstashAll();
            });
        });

        Sys.Stop(subject);
        await ExpectNotes("stashed");
        actor.Tell("open", TestActor);

        Assert.Equal(subject, await ExpectMsgAsync<IActorRef>());
    }

    [Fact]
    public async Task H12_ClearStash_hands_out_what_was_stashed_and_forgets_it()
    {
        var actor = Stasher(a => a.On<string>(text =>
        {
            if (text != "clear")
            {
                a.Stash.Stash();
                return;
            }

            Note(string.Join(' ', a.Stash.ClearStash().Select(envelope => envelope.Message)));
            Note(a.Stash.IsEmpty ? "empty" : "not empty");
        }));

        TellAll(actor, "one", "two", "clear");

        await ExpectNotes("one two", "empty");
    }

    [Fact]
    public async Task H13_an_async_handler_can_stash_its_message_after_an_await()
    {
        var actor = Stasher(a =>
        {
            a.OnAsync<string>(async text =>
            {
                await Task.Yield();
                if (text != "open")
                {
                    a.Stash.Stash();
                    return;
                }

                a.Turn(() => a.On<string>(later => Note($"{later} from {(a.From.Equals(TestActor) ? "the test" : "elsewhere")}")));
                a.Stash.UnstashAll();
            });
        });

        TellAll(actor, "one", "two", "open");

        await ExpectNotes("one from the test", "two from the test");
    }

    private IActorRef Stasher(Action<ScriptedStasher> script) => Sys.ActorOf(ScriptedStasher.Of(script));

    private sealed class Unbounded : ReceiveActor, IWithUnboundedStash
    {
        public Unbounded(IActorRef report)
        {
            Receive<string>(text => text != "open", _ => Stash.Stash());
            Receive<string>(_ =>
            {
                Become(() => Receive<string>(text => report.Tell(text)));
                Stash.UnstashAll();
            });
        }

        public IStash Stash { get; set; } = null!;
    }
}
