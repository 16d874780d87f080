using Akka.Actor;
using Xunit;

namespace Plexum.ActorKernel.Tests.Actors;

public class RestartSpecs : ActorSpecs
{
    private static readonly Exception Failure = new InvalidOperationException("failure");

    [Fact]
    public async Task R1_a_restart_keeps_the_mailbox_and_its_order()
    {
        using var gate = new ManualResetEventSlim();
        var actor = StartFamily(Always(Directive.Restart), child =>
        {
            child.Restarting = (_, _) =>
            {
                Note("restarting");
                gate.Wait(Patience);
            };
            child.ThrowsWhatItGets();
            child.On<string>(Note);
        });

        actor.Tell(Failure, TestActor);
        actor.Tell("before", TestActor);
        await ExpectNotes("restarting");
        actor.Tell("meanwhile", TestActor);
        gate.Set();

        await ExpectNotes("before", "meanwhile");
    }

    [Fact]
    public async Task R2_the_failing_message_is_not_delivered_again()
    {
        var actor = StartFamily(Always(Directive.Restart), child => child.On<string>(text =>
        {
            Note(text);
            if (text == "poison")
            {
                throw Failure;
            }
        }));

        actor.Tell("poison", TestActor);
        actor.Tell("next", TestActor);

        await ExpectNotes("poison", "next");
    }

    [Fact]
    public async Task R3_PreRestart_gets_the_exception_the_failing_message_and_its_sender()
    {
        var actor = StartFamily(Always(Directive.Restart), child =>
        {
            child.Restarting = (reason, message) => Note((reason, message, child.From));
            child.On<string>(_ => throw Failure);
        });

        actor.Tell("poison", TestActor);

        Assert.Equal((Failure, "poison", TestActor), await ExpectMsgAsync<(Exception, object?, IActorRef)>());
    }

    [Fact]
    public async Task R4_by_default_the_children_are_stopped_before_the_new_instance_is_made()
    {
        var actor = StartFamily(Always(Directive.Restart), child =>
        {
            Note("constructor");
            child.Ctx.ActorOf(Scripted.Of(g => g.Stopping = () => Note("grandchild stopped")), "grandchild");
            child.ThrowsWhatItGets();
        });

        actor.Tell(Failure, TestActor);

        await ExpectNotes("constructor", "grandchild stopped", "constructor");
    }

    [Fact]
    public async Task R5_children_that_PreRestart_leaves_alone_are_restarted_after_their_parent()
    {
        var created = false;
        var actor = StartFamily(Always(Directive.Restart), child =>
        {
            child.KeepsChildren = true;
            child.Restarted = _ => Note("parent restarted");
            child.ThrowsWhatItGets();
            if (!created)
            {
                created = true;
                child.Ctx.ActorOf(Scripted.Of(g => g.Restarted = reason => Note("grandchild restarted: " + reason.Message)));
            }
        });

        actor.Tell(Failure, TestActor);

        await ExpectNotes("parent restarted", "grandchild restarted: failure");
    }

    [Fact]
    public async Task R6_the_reference_stays_the_same_and_the_instance_is_another()
    {
        var actor = StartFamily(Always(Directive.Restart), child =>
        {
            child.ThrowsWhatItGets();
            child.On<string>(_ => Note((child.Me, child)));
        });

        actor.Tell("who", TestActor);
        actor.Tell(Failure, TestActor);
        actor.Tell("who", TestActor);

        var (before, first) = await ExpectMsgAsync<(IActorRef, Scripted)>();
        var (after, second) = await ExpectMsgAsync<(IActorRef, Scripted)>();
        Assert.Equal(before, after);
        Assert.NotSame(first, second);
    }

    [Fact]
    public async Task R7_a_restart_drops_the_stacked_behaviours()
    {
        var actor = StartFamily(Always(Directive.Restart), child =>
        {
            child.ThrowsWhatItGets();
            child.On<string>(text =>
            {
                Note("first " + text);
                child.Push(() =>
                {
                    child.ThrowsWhatItGets();
                    child.On<string>(later => Note("second " + later));
                });
            });
        });

        actor.Tell("one", TestActor);
        actor.Tell("two", TestActor);
        actor.Tell(Failure, TestActor);
        actor.Tell("three", TestActor);

        await ExpectNotes("first one", "second two", "first three");
    }

    [Fact]
    public async Task R8_what_the_actor_watches_it_still_watches_after_a_restart()
    {
        var watched = Start(_ => { });
        var actor = StartFamily(Always(Directive.Restart), child =>
        {
            child.ThrowsWhatItGets();
            child.On<IActorRef>(subject => child.Ctx.Watch(subject));
            child.On<string>(Note);
            child.On<Terminated>(_ => Note("terminated"));
        });

        actor.Tell(watched, TestActor);
        actor.Tell(Failure, TestActor);
        actor.Tell("restarted", TestActor);
        await ExpectNotes("restarted");
        Sys.Stop(watched);

        await ExpectNotes("terminated");
    }

    [Fact]
    public async Task R9_those_who_watch_the_actor_hear_nothing_of_a_restart()
    {
        var actor = StartFamily(Always(Directive.Restart), child =>
        {
            child.Starting = () => Note(child.Me);
            child.ThrowsWhatItGets();
            child.On<string>(Note);
        });
        var child = await ExpectMsgAsync<IActorRef>();
        var watcher = CreateTestProbe();
        await watcher.WatchAsync(child);

        actor.Tell(Failure, TestActor);
        await ExpectMsgAsync<IActorRef>();
        child.Tell("still here", TestActor);
        await ExpectNotes("still here");
        watcher.Ref.Tell("first message", TestActor);

        await watcher.ExpectMsgAsync("first message");
    }

    [Fact]
    public async Task R10_the_new_instance_starts_from_nothing_but_what_its_constructor_sets()
    {
        var actor = StartFamily(Always(Directive.Restart), child =>
        {
            var count = 0;
            child.ThrowsWhatItGets();
            child.On<string>(_ => Note(++count));
        });

        foreach (var message in (object[])["count", "count", Failure, "count"])
        {
            actor.Tell(message, TestActor);
        }

        Assert.Equal([1, 2, 1], await Take<int>(3));
    }

    [Fact]
    public async Task R11_a_failing_child_does_not_disturb_the_messages_of_its_parent()
    {
        var actor = Start(p =>
        {
            p.Strategy = Always(Directive.Restart);
            var child = p.Ctx.ActorOf(Scripted.Of(c =>
            {
                c.Restarted = _ => Note("restarted");
                c.ThrowsWhatItGets();
            }));
            p.On<string>(Note);
            p.OnAny(message => child.Forward(message));
        });

        actor.Tell("one", TestActor);
        actor.Tell(Failure, TestActor);
        await ExpectNotes("one", "restarted");
        actor.Tell("two", TestActor);

        await ExpectNotes("two");
    }
}
