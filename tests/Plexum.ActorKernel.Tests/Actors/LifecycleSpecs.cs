using Akka.Actor;
using Xunit;

namespace Plexum.ActorKernel.Tests.Actors;

public class LifecycleSpecs : ActorSpecs
{
    [Fact]
    public async Task L1_constructor_PreStart_messages_and_PostStop_run_once_each_in_this_order()
    {
        var actor = Start(a =>
        {
            Note("constructor");
            a.Starting = () => Note("PreStart");
            a.Stopping = () => Note("PostStop");
            a.On<string>(Note);
        });

        actor.Tell("message", TestActor);
        actor.Tell(PoisonPill.Instance, TestActor);

        await ExpectNotes("constructor", "PreStart", "message", "PostStop");
    }

    [Fact]
    public async Task L2_a_restart_runs_PreRestart_and_PostStop_on_the_old_and_constructor_PostRestart_and_PreStart_on_the_new_instance()
    {
        var incarnations = 0;
        var actor = StartFamily(Always(Directive.Restart), a =>
        {
            var number = ++incarnations;
            void Says(string hook) => Note($"{number} {hook}");

            Says("constructor");
            a.Starting = () => Says("PreStart");
            a.Stopping = () => Says("PostStop");
            a.Restarting = (_, _) => Says("PreRestart");
            a.Restarted = _ => Says("PostRestart");
            a.ThrowsWhatItGets();
        });

        actor.Tell(new InvalidOperationException("again"), TestActor);

        await ExpectNotes(
            "1 constructor", "1 PreStart", "1 PreRestart", "1 PostStop", "2 constructor", "2 PostRestart", "2 PreStart");
    }

    [Fact]
    public async Task L3_children_stop_before_their_parent()
    {
        var top = Start(a => a.Stopping = () => Note("top"));
        var tree = Start(a =>
        {
            a.Stopping = () => Note("parent");
            a.Ctx.ActorOf(Scripted.Of(c =>
            {
                c.Stopping = () => Note("child");
                c.Ctx.ActorOf(Scripted.Of(g => g.Stopping = () => Note("grandchild")));
            }));
        });

        await StopAndWait(tree);
        await StopAndWait(top);

        await ExpectNotes("grandchild", "child", "parent", "top");
    }

    [Theory]
    [InlineData("Stop")]
    [InlineData("PoisonPill")]
    [InlineData("Kill")]
    [InlineData("supervisor")]
    [InlineData("parent")]
    public async Task L4_PostStop_runs_in_whatever_way_the_actor_is_stopped(string way)
    {
        var parent = StartFamily(Always(Directive.Stop), child =>
        {
            child.Starting = () => Note(child.Me);
            child.Stopping = () => Note("PostStop");
            child.ThrowsWhatItGets();
        });
        var child = await ExpectMsgAsync<IActorRef>();

        switch (way)
        {
            case "Stop":
                Sys.Stop(child);
                break;
            case "PoisonPill":
                child.Tell(PoisonPill.Instance, TestActor);
                break;
            case "Kill":
                child.Tell(Kill.Instance, TestActor);
                break;
            case "supervisor":
                child.Tell(new InvalidOperationException("fatal"), TestActor);
                break;
            default:
                Sys.Stop(parent);
                break;
        }

        await ExpectNotes("PostStop");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task L5_PostStop_does_not_run_when_the_actor_never_started(bool failInConstructor)
    {
        await WatchAsync(StartFamily(Always(Directive.Stop), child =>
            {
                child.Stopping = () => Note("PostStop");
                if (failInConstructor)
                {
                    throw new InvalidOperationException("constructor");
                }

                child.Starting = () => throw new InvalidOperationException("PreStart");
            },
            parent =>
            {
                parent.On<string>(_ => parent.Ctx.Watch(parent.Ctx.Child("child")));
                parent.On<Terminated>(_ => Note("terminated"));
                parent.Me.Tell("watch");
            }));

        await ExpectNotes("terminated");
    }

    [Fact]
    public async Task L6_in_PostStop_an_actor_still_knows_itself_and_can_send()
    {
        var other = CreateTestProbe();
        var actor = Start(a => a.Stopping = () => other.Ref.Tell(a.Me));

        Sys.Stop(actor);

        Assert.Equal(actor, await other.ExpectMsgAsync<IActorRef>());
        Assert.Equal(actor, other.LastSender);
    }

    [Fact]
    public async Task L7_the_constructor_and_PreStart_may_create_children_watch_and_send()
    {
        Start(a =>
        {
            var early = a.Ctx.ActorOf(Scripted.Of(c => c.On<string>(Note)), "early");
            early.Tell("from the constructor");
            a.Ctx.Watch(early);
            a.Starting = () =>
            {
                early.Tell("from PreStart");
                early.Tell(PoisonPill.Instance);
            };
            a.On<Terminated>(t => Note(t.ActorRef.Path.Name));
        });

        await ExpectNotes("from the constructor", "from PreStart", "early");
    }

    [Fact]
    public async Task L8_an_actor_that_is_IDisposable_is_disposed_after_PreRestart_and_after_PostStop()
    {
        var actor = Sys.ActorOf(Props.Create(() => new Disposed(TestActor)));

        actor.Tell(new InvalidOperationException("restart"), TestActor);
        actor.Tell(PoisonPill.Instance, TestActor);

        await ExpectNotes("PreRestart", "disposed", "PostStop", "disposed");
    }

    private sealed class Disposed : ReceiveActor, IDisposable
    {
        private readonly IActorRef _report;

        public Disposed(IActorRef report)
        {
            _report = report;
            Receive<Exception>(e => throw e);
        }

        public void Dispose() => _report.Tell("disposed", ActorRefs.NoSender);

        protected override void PreRestart(Exception reason, object? message) => _report.Tell("PreRestart", ActorRefs.NoSender);

        protected override void PostStop() => _report.Tell("PostStop", ActorRefs.NoSender);
    }
}
