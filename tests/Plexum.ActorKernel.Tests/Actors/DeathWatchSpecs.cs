using Akka.Actor;
using Akka.Event;
using Xunit;

namespace Plexum.ActorKernel.Tests.Actors;

public class DeathWatchSpecs : ActorSpecs
{
    [Fact]
    public async Task W1_every_watcher_gets_one_Terminated_with_the_reference_and_from_it()
    {
        var subject = Start(_ => { });
        var watchers = new[] { CreateTestProbe(), CreateTestProbe() };
        foreach (var watcher in watchers)
        {
            await watcher.WatchAsync(subject);
        }

        Sys.Stop(subject);

        foreach (var watcher in watchers)
        {
            var terminated = await watcher.ExpectMsgAsync<Terminated>();
            Assert.Equal(subject, terminated.ActorRef);
            Assert.Equal(subject, watcher.LastSender);
            watcher.Ref.Tell("nothing more", TestActor);
            await watcher.ExpectMsgAsync("nothing more");
        }
    }

    [Fact]
    public async Task W2_Terminated_comes_after_the_last_message_of_the_actor_that_stopped()
    {
        var watcher = Watcher(subject =>
        {
            subject.On<string>(_ =>
            {
                subject.Ctx.Parent.Tell("in the last turn");
                subject.Ctx.Stop(subject.Me);
            });
            subject.Stopping = () => subject.Ctx.Parent.Tell("in PostStop");
        });

        watcher.Tell(PassOn("end"), TestActor);

        await ExpectNotes("in the last turn", "in PostStop", "terminated");
    }

    [Fact]
    public async Task W3_who_watches_an_actor_that_has_stopped_gets_Terminated_at_once()
    {
        var subject = Start(_ => { });
        await StopAndWait(subject);

        await WatchAsync(subject);

        await ExpectTerminatedAsync(subject);
    }

    [Fact]
    public async Task W4_who_watches_twice_gets_one_Terminated()
    {
        var subject = Start(_ => { });
        Start(a =>
        {
            a.Ctx.Watch(subject);
            a.Ctx.Watch(subject);
            a.On<Terminated>(_ =>
            {
                Note("terminated");
                a.Me.Tell("last");
            });
            a.On<string>(Note);
        });

        Sys.Stop(subject);

        await ExpectNotes("terminated", "last");
    }

    [Fact]
    public async Task W5_after_Unwatch_there_is_no_Terminated_even_if_it_lies_in_the_mailbox()
    {
        using var gate = new ManualResetEventSlim();
        var subject = Start(_ => { });
        var watcher = Start(a =>
        {
            a.Ctx.Watch(subject);
            a.On<Terminated>(_ => Note("terminated"));
            a.On<string>(text =>
            {
                switch (text)
                {
                    case "block":
                        Note("blocked");
                        gate.Wait(Patience);
                        break;
                    case "unwatch":
                        a.Ctx.Unwatch(subject);
                        a.Me.Tell("last");
                        break;
                    default:
                        Note(text);
                        break;
                }
            });
        });

        watcher.Tell("block", TestActor);
        watcher.Tell("unwatch", TestActor);
        await ExpectNotes("blocked");
        await StopAndWait(subject);
        gate.Set();

        await ExpectNotes("last");
    }

    [Fact]
    public async Task W6_WatchWith_brings_the_message_given_instead_of_Terminated()
    {
        var subject = Start(_ => { });
        Start(a =>
        {
            a.Ctx.WatchWith(subject, "the subject is gone");
            a.On<Terminated>(_ => Note("terminated"));
            a.On<string>(text => Note((text, a.From)));
        });

        Sys.Stop(subject);

        await ExpectMsgAsync(("the subject is gone", subject));
    }

    [Fact]
    public async Task W7_an_actor_that_does_not_handle_Terminated_fails_with_a_DeathPactException()
    {
        var subject = Start(_ => { });
        StartFamily(
            new OneForOneStrategy(e =>
            {
                Note(e);
                return SupervisorStrategy.DefaultDecider.Decide(e);
            }),
            child =>
            {
                child.Ctx.Watch(subject);
                child.Stopping = () => Note("stopped");
            });

        Sys.Stop(subject);

        var failure = await ExpectMsgAsync<DeathPactException>();
        Assert.Equal(subject, failure.DeadActor);
        await ExpectNotes("stopped");
    }

    [Fact]
    public async Task W8_who_watches_again_after_Terminated_gets_it_again()
    {
        var subject = Start(_ => { });
        Start(a =>
        {
            var seen = 0;
            a.Ctx.Watch(subject);
            a.On<Terminated>(_ =>
            {
                Note($"terminated {++seen}");
                if (seen == 1)
                {
                    a.Ctx.Watch(subject);
                }
            });
        });

        Sys.Stop(subject);

        await ExpectNotes("terminated 1", "terminated 2");
    }

    [Fact]
    public async Task W9_an_actor_that_watches_itself_hears_nothing()
    {
        var dead = Subscribed(typeof(DeadLetter));
        var actor = Start(a =>
        {
            a.Ctx.Watch(a.Me);
            a.On<Terminated>(_ => Note("terminated"));
        });

        await StopAndWait(actor);
        actor.Tell("no Terminated before this", TestActor);

        Assert.Equal("no Terminated before this", (await dead.ExpectMsgAsync<DeadLetter>()).Message);
        Note("end");
        await ExpectNotes("end");
    }

    [Fact]
    public async Task W10_a_Terminated_for_an_actor_that_is_not_watched_is_dropped()
    {
        var subject = Start(_ => { });
        var forged = new Terminated(subject, existenceConfirmed: true, addressTerminated: false);
        var actor = Start(a =>
        {
            a.On<Terminated>(_ => Note("terminated"));
            a.On<string>(text =>
            {
                a.Ctx.Watch(subject);
                Note(text);
            });
        });

        TellAll(actor, forged, "not watched yet");
        await ExpectNotes("not watched yet");
        Sys.Stop(subject);
        await ExpectNotes("terminated");
        TellAll(actor, forged, "not watched any more");

        await ExpectNotes("not watched any more");
    }

    [Fact]
    public async Task W11_the_first_of_Watch_and_WatchWith_counts()
    {
        var subject = Start(_ => { });
        Start(a =>
        {
            a.Ctx.WatchWith(subject, "first");
            a.Ctx.WatchWith(subject, "second");
            a.Ctx.Watch(subject);
            a.On<Terminated>(_ => Note("terminated"));
            a.On<string>(text =>
            {
                Note(text);
                if (text == "first")
                {
                    a.Me.Tell("last");
                }
            });
        });

        Sys.Stop(subject);

        await ExpectNotes("first", "last");
    }

    [Fact]
    public async Task W12_any_actor_can_watch_any_other_and_Unwatch_of_an_unwatched_one_does_nothing()
    {
        var stranger = Start(_ => { });
        Start(a =>
        {
            a.Ctx.Unwatch(stranger);
            a.Ctx.Watch(stranger);
            a.On<Terminated>(t => Note(t.ActorRef));
        });

        Sys.Stop(stranger);

        Assert.Equal(stranger, await ExpectMsgAsync<IActorRef>());
    }

    /// <summary>Starts a parent that watches a child made from <paramref name="subject"/> and notes what it hears.</summary>
    private IActorRef Watcher(Action<Scripted> subject) => Start(a =>
    {
        var child = a.Ctx.Watch(a.Ctx.ActorOf(Scripted.Of(subject)));
        a.On<Terminated>(_ => Note("terminated"));
        a.On<Action<IActorRef>>(act => act(child));
        a.On<string>(Note);
    });

    private static Action<IActorRef> PassOn(object message) => child => child.Tell(message);
}
