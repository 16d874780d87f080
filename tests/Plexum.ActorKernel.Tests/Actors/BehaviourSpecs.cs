using Akka.Actor;
using Akka.Event;
using Xunit;

namespace Plexum.ActorKernel.Tests.Actors;

public class BehaviourSpecs : ActorSpecs
{
    [Fact]
    public async Task B1_the_first_handler_that_fits_gets_the_message_and_no_other()
    {
        var actor = Start(a =>
        {
            a.On<string>(_ => Note("first"));
            a.On<string>(_ => Note("second"));
            a.OnAny(_ => Note("any"));
        });

        actor.Tell("text", TestActor);
        actor.Tell(1, TestActor);

        await ExpectNotes("first", "any");
    }

    [Fact]
    public async Task B2_a_handler_whose_predicate_is_false_or_that_returns_false_passes_the_message_on()
    {
        var actor = Start(a =>
        {
            a.On<int>(n => n > 100, _ => Note("large"));
            a.OnIf<int>(n =>
            {
                if (n <= 10)
                {
                    return false;
                }

                Note("medium");
                return true;
            });
            a.On<int>(_ => Note("small"));
        });

        actor.Tell(1_000, TestActor);
        actor.Tell(50, TestActor);
        actor.Tell(1, TestActor);

        await ExpectNotes("large", "medium", "small");
    }

    [Fact]
    public async Task B3_a_handler_takes_the_types_derived_from_its_own()
    {
        var actor = Start(a =>
        {
            a.On<ArgumentException>(e => Note(e.GetType().Name));
            a.On<IComparable>(_ => Note("comparable"));
        });

        actor.Tell(new ArgumentNullException("x"), TestActor);
        actor.Tell("text", TestActor);

        await ExpectNotes(nameof(ArgumentNullException), "comparable");
    }

    [Fact]
    public async Task B4_no_handler_can_follow_one_that_takes_everything()
    {
        Start(a =>
        {
            a.OnAny(_ => { });
            Note(Record.Exception(() => a.On<string>(_ => { })));
        });

        await ExpectMsgAsync<InvalidOperationException>();
    }

    [Fact]
    public async Task B5_Become_counts_from_the_next_message_on()
    {
        var actor = Start(a => a.On<string>(text =>
        {
            a.Turn(() => a.On<string>(later => Note("new " + later)));
            Note("old " + text);
        }));

        actor.Tell("one", TestActor);
        actor.Tell("two", TestActor);

        await ExpectNotes("old one", "new two");
    }

    [Fact]
    public async Task B6_BecomeStacked_lays_a_behaviour_on_top_and_UnbecomeStacked_takes_it_off()
    {
        var actor = Start(a => a.On<string>(text =>
        {
            Note("ground " + text);
            a.Push(() => a.On<string>(t =>
            {
                Note("top " + t);
                a.Pop();
            }));
        }));

        foreach (var text in (string[])["one", "two", "three"])
        {
            actor.Tell(text, TestActor);
        }

        await ExpectNotes("ground one", "top two", "ground three");
    }

    [Fact]
    public async Task B7_Become_replaces_only_the_top_of_the_stack()
    {
        var actor = Start(a =>
        {
            void Report(string state) => a.On<string>(t => t == "state", _ => Note(state));

            Report("ground");
            a.On<string>(_ => a.Push(() =>
            {
                Report("pushed");
                a.On<string>(_ => a.Turn(() =>
                {
                    Report("replaced");
                    a.On<string>(_ => a.Pop());
                }));
            }));
        });

        foreach (var text in (string[])["push", "state", "replace", "state", "pop", "state"])
        {
            actor.Tell(text, TestActor);
        }

        await ExpectNotes("pushed", "replaced", "ground");
    }

    [Fact]
    public async Task B8_UnbecomeStacked_on_an_empty_stack_changes_nothing()
    {
        var actor = Start(a => a.On<string>(text =>
        {
            a.Pop();
            a.Pop();
            Note(text);
        }));

        actor.Tell("one", TestActor);
        actor.Tell("two", TestActor);

        await ExpectNotes("one", "two");
    }

    [Fact]
    public async Task B9_a_message_that_no_handler_takes_is_published_as_an_UnhandledMessage()
    {
        var unhandled = Subscribed(typeof(UnhandledMessage));
        var actor = Start(a => a.On<int>(_ => { }));

        actor.Tell("nobody wants me", TestActor);

        var published = await unhandled.ExpectMsgAsync<UnhandledMessage>();
        Assert.Equal("nobody wants me", published.Message);
        Assert.Equal(TestActor, published.Sender);
        Assert.Equal(actor, published.Recipient);
    }

    [Fact]
    public async Task B10_handlers_can_be_added_only_in_the_constructor_and_in_Become()
    {
        var actor = Start(a =>
        {
            Exception? AddingFails() => Record.Exception(() => a.On<int>(_ => { }));

            a.Starting = () => Note(AddingFails());
            a.On<string>(_ => Note(AddingFails()));
        });

        actor.Tell("now", TestActor);

        await Take<InvalidOperationException>(2);
    }

    [Fact]
    public async Task B11_an_UntypedActor_gets_every_message_and_says_itself_what_is_unhandled()
    {
        var unhandled = Subscribed(typeof(UnhandledMessage));
        var actor = Sys.ActorOf(Props.Create(() => new Untyped(TestActor)));

        actor.Tell("text", TestActor);
        actor.Tell(1, TestActor);
        actor.Tell("switched", TestActor);

        await ExpectNotes("text", "second behaviour: switched");
        Assert.Equal(1, (await unhandled.ExpectMsgAsync<UnhandledMessage>()).Message);
    }

    private sealed class Untyped(IActorRef report) : UntypedActor
    {
        protected override void OnReceive(object message)
        {
            if (message is not string)
            {
                Unhandled(message);
                Context.Become(later => report.Tell("second behaviour: " + later));
                return;
            }

            report.Tell(message);
        }
    }
}
