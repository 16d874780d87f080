using Akka.Actor;
using Akka.Event;
using Xunit;

namespace Plexum.ActorKernel.Tests.Actors;

public class StopSpecs : ActorSpecs
{
    [Fact]
    public async Task X1_the_current_message_is_finished_and_the_rest_become_dead_letters_in_order()
    {
        var dead = Subscribed(typeof(DeadLetter));
        var actor = Start(a => a.On<string>(text =>
        {
            a.Me.Tell("second");
            a.Me.Tell("third");
            a.Ctx.Stop(a.Me);
            Note(text + " finished");
        }));

        actor.Tell("first", TestActor);

        await ExpectNotes("first finished");
        Assert.Equal("second", (await dead.ExpectMsgAsync<DeadLetter>()).Message);
        Assert.Equal("third", (await dead.ExpectMsgAsync<DeadLetter>()).Message);
    }

    [Fact]
    public async Task X2_while_its_children_stop_an_actor_handles_no_messages()
    {
        using var gate = new ManualResetEventSlim();
        var dead = Subscribed(typeof(DeadLetter));
        var actor = Start(a =>
        {
            a.Stopping = () => Note("parent stopped");
            a.On<string>(text => Note("handled " + text));
            a.Ctx.ActorOf(Scripted.Of(c => c.Stopping = () =>
            {
                Note("child stopping");
                gate.Wait(Patience);
            }));
        });

        Sys.Stop(actor);
        await ExpectNotes("child stopping");
        actor.Tell("too late", TestActor);
        gate.Set();

        await ExpectNotes("parent stopped");
        Assert.Equal("too late", (await dead.ExpectMsgAsync<DeadLetter>()).Message);
    }

    [Fact]
    public async Task X3_a_PoisonPill_stops_in_its_turn()
    {
        var dead = Subscribed(typeof(DeadLetter));
        using var gate = new ManualResetEventSlim();
        var actor = Start(a =>
        {
            a.Stopping = () => Note("stopped");
            a.On<string>(text =>
            {
                gate.Wait(Patience);
                Note(text);
            });
        });

        actor.Tell("before", TestActor);
        actor.Tell(PoisonPill.Instance, TestActor);
        actor.Tell("after", TestActor);
        gate.Set();

        await ExpectNotes("before", "stopped");
        Assert.Equal("after", (await dead.ExpectMsgAsync<DeadLetter>()).Message);
    }

    [Fact]
    public async Task X4_Kill_makes_the_actor_fail_with_an_ActorKilledException_and_stops_it_by_default()
    {
        Start(p =>
        {
            p.Strategy = new OneForOneStrategy(e =>
            {
                Note(e);
                return SupervisorStrategy.DefaultDecider.Decide(e);
            });
            p.Ctx.Watch(p.Ctx.ActorOf(Scripted.Of(_ => { }))).Tell(Kill.Instance);
            p.On<Terminated>(_ => Note("terminated"));
        });

        await ExpectMsgAsync<ActorKilledException>();
        await ExpectNotes("terminated");
    }

    [Fact]
    public async Task X5_GracefulStop_answers_true_when_the_actor_has_stopped()
    {
        StartFamily(
            new OneForOneStrategy(_ =>
            {
                Note("failed");
                return Directive.Stop;
            }),
            child =>
            {
                child.On<string>(Note);
                child.Starting = () => Note(child.Me);
                child.Stopping = () => Note("stopped");
            });
        var actor = await ExpectMsgAsync<IActorRef>();
        actor.Tell("handled before", TestActor);

        Assert.True(await actor.GracefulStop(Patience));

        await ExpectNotes("handled before", "stopped");
    }

    [Fact]
    public async Task X6_GracefulStop_takes_a_stop_message_of_ones_own()
    {
        var actor = Start(a => a.On<string>(text =>
        {
            Note(text);
            a.Ctx.Stop(a.Me);
        }));

        Assert.True(await actor.GracefulStop(Patience, "please"));

        await ExpectNotes("please");
    }

    [Fact]
    public async Task X7_GracefulStop_answers_false_when_the_time_is_over()
    {
        var actor = Start(a => a.On<string>(Note));

        Assert.False(await actor.GracefulStop(TimeSpan.FromMilliseconds(50), "ignored"));

        await ExpectNotes("ignored");
    }

    [Fact]
    public async Task X8_stopping_an_actor_that_has_stopped_is_no_error()
    {
        var actor = Start(_ => { });
        await StopAndWait(actor);

        await StopAndWait(actor);
        Assert.True(await actor.GracefulStop(Patience));
    }

    [Fact]
    public async Task X9_a_stopped_child_is_no_longer_among_the_children_when_Terminated_is_handled()
    {
        var actor = Start(a =>
        {
            var child = a.Ctx.Watch(a.Ctx.ActorOf(Scripted.Of(_ => { }), "child"));
            a.On<string>(_ => a.Ctx.Stop(child));
            a.On<Terminated>(_ =>
            {
                Note(a.Ctx.GetChildren().Any() ? "still there" : "gone");
                Note(a.Ctx.ActorOf(Scripted.Of(_ => { }), "child").Path.Name);
            });
        });

        actor.Tell("stop", TestActor);

        await ExpectNotes("gone", "child");
    }

    [Fact]
    public async Task X10_a_parent_stops_its_children_and_an_actor_itself_through_the_context()
    {
        var parent = Start(a =>
        {
            a.Stopping = () => Note("parent stopped");
            var child = a.Ctx.ActorOf(Scripted.Of(c => c.Stopping = () => Note("child stopped")));
            a.Ctx.Watch(child);
            a.On<Terminated>(_ => a.Ctx.Stop(a.Me));
            a.On<string>(_ => a.Ctx.Stop(child));
        });

        parent.Tell("stop your child", TestActor);

        await ExpectNotes("child stopped", "parent stopped");
    }
}
