using Akka.Actor;
using Xunit;

namespace Plexum.ActorKernel.Tests.Actors;

/// <summary>What becomes of exceptions in constructors and lifecycle hooks.</summary>
public class FailingHookSpecs : ActorSpecs
{
    private static readonly Exception Failure = new InvalidOperationException("failure");

    [Fact]
    public async Task V20_a_failing_PreStart_reaches_the_supervisor_as_an_ActorInitializationException()
    {
        var parent = StartFamily(
            NotingDecider(Directive.Stop),
            child => child.Starting = () => throw Failure);

        var failure = await ExpectMsgAsync<ActorInitializationException>();

        Assert.Same(Failure, failure.InnerException);
        Assert.Equal("child", failure.Actor?.Path.Name);
        Assert.Equal(parent.Path, failure.Actor?.Path.Parent);
    }

    [Fact]
    public async Task V21_a_failing_constructor_reaches_the_supervisor_as_an_ActorInitializationException()
    {
        StartFamily(NotingDecider(Directive.Stop), _ => throw Failure);

        var failure = await ExpectMsgAsync<ActorInitializationException>();

        Assert.Contains(Failure, Chain(failure));
        Assert.Equal("child", failure.Actor?.Path.Name);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task V22_by_default_an_actor_that_could_not_start_is_stopped(bool failInConstructor)
    {
        StartFamily(null, child =>
            {
                if (failInConstructor)
                {
                    throw Failure;
                }

                child.Starting = () => throw Failure;
            },
            parent =>
            {
                parent.Starting = () => parent.Ctx.Watch(parent.Ctx.Child("child"));
                parent.On<Terminated>(t => Note(t.ActorRef.Path.Name));
            });

        await ExpectNotes("child");
    }

    [Theory]
    [InlineData(Directive.Restart)]
    [InlineData(Directive.Resume)]
    public async Task V23_Restart_and_Resume_try_again_to_create_an_actor_that_could_not_start(Directive directive)
    {
        var attempts = 0;
        var actor = StartFamily(Always(directive), child =>
        {
            child.On<string>(Note);
            if (++attempts < 3)
            {
                throw Failure;
            }

            Note($"attempt {attempts}");
        });

        actor.Tell("kept meanwhile", TestActor);

        await ExpectNotes("attempt 3", "kept meanwhile");
    }

    [Fact]
    public async Task V24_a_failing_PostRestart_reaches_the_supervisor_as_a_PostRestartException_and_stops_by_default()
    {
        var hookFailure = new ArgumentException("in PostRestart");
        var parent = Start(p =>
        {
            p.Strategy = new OneForOneStrategy(e =>
            {
                Note(e);
                return SupervisorStrategy.DefaultDecider.Decide(e);
            });
            var child = p.Ctx.ActorOf(Scripted.Of(c =>
            {
                c.ThrowsWhatItGets();
                c.Restarted = _ => throw hookFailure;
            }));
            p.Ctx.Watch(child);
            p.On<Terminated>(_ => Note("terminated"));
            p.OnAny(message => child.Forward(message));
        });

        parent.Tell(Failure, TestActor);

        Assert.Same(Failure, await ExpectMsgAsync<InvalidOperationException>());
        var failure = await ExpectMsgAsync<PostRestartException>();
        Assert.Contains(hookFailure, Chain(failure));
        await ExpectNotes("terminated");
    }

    [Fact]
    public async Task V25_a_failing_PreRestart_is_logged_and_the_restart_goes_on()
    {
        var actor = StartFamily(Always(Directive.Restart), child =>
        {
            child.ThrowsWhatItGets();
            child.Restarting = (_, _) => throw new ArgumentException("in PreRestart");
            child.Restarted = _ => Note("restarted");
        });

        await EventFilter.Exception<PreRestartException>().ExpectOneAsync(async () =>
        {
            actor.Tell(Failure, TestActor);
            await ExpectNotes("restarted");
        });
    }

    [Fact]
    public async Task V26_a_failing_PostStop_is_logged_and_the_actor_stops_all_the_same()
    {
        var actor = Start(a => a.Stopping = () => throw new ArgumentException("in PostStop"));
        await WatchAsync(actor);

        await EventFilter.Exception<ArgumentException>("in PostStop").ExpectOneAsync(async () =>
        {
            Sys.Stop(actor);
            await ExpectTerminatedAsync(actor);
        });
    }

    [Fact]
    public async Task V27_a_failure_under_a_supervisor_that_is_stopping_goes_no_further()
    {
        using var gate = new ManualResetEventSlim();
        var grandparent = Start(g =>
        {
            g.Strategy = NotingDecider(Directive.Stop);
            var parent = g.Ctx.ActorOf(Scripted.Of(p =>
            {
                p.Strategy = Always(Directive.Escalate);
                p.Stopping = () => Note("parent stopped");
                p.Ctx.ActorOf(Scripted.Of(c => c.Stopping = () => Note("first child stopped")));
                var failing = p.Ctx.ActorOf(Scripted.Of(c => c.On<string>(text =>
                {
                    Note(text);
                    gate.Wait(Patience);
                    throw Failure;
                })));
                p.On<string>(text => failing.Forward(text));
            }));
            g.On<string>(text => parent.Forward(text));
            g.On<int>(_ => g.Ctx.Stop(parent));
        });

        grandparent.Tell("about to fail", TestActor);
        await ExpectNotes("about to fail");
        grandparent.Tell(0, TestActor);
        await ExpectNotes("first child stopped");
        gate.Set();

        await ExpectNotes("parent stopped");
    }

    private static IEnumerable<Exception> Chain(Exception outermost)
    {
        for (var e = outermost; e is not null; e = e.InnerException)
        {
            yield return e;
        }
    }

    private OneForOneStrategy NotingDecider(Directive directive) => new(e =>
    {
        Note(e);
        return directive;
    });
}
