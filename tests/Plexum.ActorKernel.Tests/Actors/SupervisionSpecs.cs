using Akka.Actor;
using Xunit;

namespace Plexum.ActorKernel.Tests.Actors;

/// <summary>The directives, the strategies and their limits. Failures of the hooks: <see cref="FailingHookSpecs"/>.</summary>
public class SupervisionSpecs : ActorSpecs
{
    private static readonly Exception Failure = new InvalidOperationException("failure");

    [Fact]
    public async Task V1_a_failed_child_handles_nothing_until_its_supervisor_has_decided()
    {
        var actor = StartFamily(
            new OneForOneStrategy(_ =>
            {
                Note("decided");
                return Directive.Resume;
            }),
            Counter);

        TellAll(actor, Failure, "next", Failure, "next");

        await ExpectNotes("decided", "next 1", "decided", "next 2");
    }

    [Fact]
    public async Task V2_Resume_keeps_the_childs_state_and_drops_only_the_failing_message()
    {
        var actor = StartFamily(Always(Directive.Resume), Counter);

        TellAll(actor, "a", Failure, "b", Failure, "c");

        await ExpectNotes("a 1", "b 2", "c 3");
    }

    [Fact]
    public async Task V3_Restart_replaces_the_child_by_a_new_instance()
    {
        var actor = StartFamily(Always(Directive.Restart), Counter);

        TellAll(actor, "a", Failure, "b", Failure, "c");

        await ExpectNotes("a 1", "restarted", "b 1", "restarted", "c 1");
    }

    [Fact]
    public async Task V4_Stop_stops_the_child()
    {
        var child = await ChildOf(StartFamily(Always(Directive.Stop), Introduced));

        await WatchAsync(child);
        child.Tell(Failure, TestActor);

        await ExpectTerminatedAsync(child);
    }

    [Fact]
    public async Task V5_Escalate_makes_the_failure_the_supervisors_own()
    {
        var grandparent = Start(g =>
        {
            g.Strategy = new OneForOneStrategy(e =>
            {
                Note("grandparent decides on " + e.Message);
                return Directive.Restart;
            });
            var parent = g.Ctx.ActorOf(Scripted.Of(p =>
            {
                p.Strategy = Always(Directive.Escalate);
                p.Restarted = _ => Note("parent restarted");
                var child = p.Ctx.ActorOf(Scripted.Of(c =>
                {
                    c.Stopping = () => Note("child stopped");
                    c.ThrowsWhatItGets();
                }));
                p.OnAny(message => child.Forward(message));
            }));
            g.OnAny(message => parent.Forward(message));
        });

        grandparent.Tell(Failure, TestActor);

        await ExpectNotes("grandparent decides on failure", "child stopped", "parent restarted");
    }

    [Fact]
    public async Task V6_by_default_a_supervisor_restarts_a_failed_child()
    {
        var actor = StartFamily(null, Counter);

        TellAll(actor, "a", Failure, "b");

        await ExpectNotes("a 1", "restarted", "b 1");
    }

    [Fact]
    public void V7_by_default_a_child_that_could_not_start_was_killed_or_broke_a_death_pact_is_stopped()
    {
        var decider = SupervisorStrategy.DefaultDecider;

        Assert.Equal(Directive.Restart, decider.Decide(Failure));
        Assert.Equal(Directive.Stop, decider.Decide(new ActorInitializationException("not started")));
        Assert.Equal(Directive.Stop, decider.Decide(new ActorKilledException("killed")));
        Assert.Equal(Directive.Stop, decider.Decide(new DeathPactException(TestActor)));
    }

    [Fact]
    public async Task V8_one_for_one_leaves_the_siblings_alone()
    {
        var parent = Siblings(Always(Directive.Restart));

        parent.Tell("two", TestActor);
        await ExpectNotes("two 1");
        TellAll(parent, "one", Failure, "one");
        await ExpectNotes("one 1", "one restarted", "one 1");
        parent.Tell("two", TestActor);

        await ExpectNotes("two 2");
    }

    [Fact]
    public async Task V9_all_for_one_restarts_the_siblings_too()
    {
        var parent = Siblings(new AllForOneStrategy(_ => Directive.Restart));

        parent.Tell("two", TestActor);
        await ExpectNotes("two 1");
        parent.Tell(Failure, TestActor);
        Assert.Equal(["one restarted", "two restarted"], (await Take<string>(2)).Order());
        parent.Tell("two", TestActor);

        await ExpectNotes("two 1");
    }

    [Fact]
    public async Task V10_all_for_one_stops_the_siblings_too_but_resumes_only_the_one_that_failed()
    {
        var stopping = Siblings(new AllForOneStrategy(_ => Directive.Stop));
        stopping.Tell(Failure, TestActor);
        Assert.Equal(["one stopped", "two stopped"], (await Take<string>(2)).Order());

        var resuming = Siblings(new AllForOneStrategy(_ => Directive.Resume));
        TellAll(resuming, "one", Failure, "one");
        await ExpectNotes("one 1", "one 2");
        resuming.Tell("two", TestActor);
        await ExpectNotes("two 1");
    }

    [Fact]
    public async Task V11_a_limit_allows_so_many_restarts_and_the_next_failure_stops_the_child()
    {
        var child = await ChildOf(StartFamily(new OneForOneStrategy(2, null, _ => Directive.Restart), Introduced));
        await WatchAsync(child);

        TellAll(child, Failure, Failure, Failure);

        await ExpectNotes("restarted", "restarted");
        await ExpectTerminatedAsync(child);
    }

    [Fact]
    public async Task V12_with_a_window_only_the_restarts_within_it_count()
    {
        var child = await ChildOf(StartFamily(
            new OneForOneStrategy(2, TimeSpan.FromHours(1), _ => Directive.Restart), Introduced));
        await WatchAsync(child);

        TellAll(child, Failure, Failure, Failure);

        await ExpectNotes("restarted", "restarted");
        await ExpectTerminatedAsync(child);
    }

    [Fact]
    public async Task V13_a_window_without_a_number_allows_one_restart_within_it()
    {
        var child = await ChildOf(StartFamily(
            new OneForOneStrategy(null, TimeSpan.FromHours(1), _ => Directive.Restart), Introduced));
        await WatchAsync(child);

        TellAll(child, Failure, Failure);

        await ExpectNotes("restarted");
        await ExpectTerminatedAsync(child);
    }

    [Fact]
    public async Task V14_a_limit_of_zero_allows_no_restart()
    {
        var child = await ChildOf(StartFamily(new OneForOneStrategy(0, null, _ => Directive.Restart), Introduced));

        await WatchAsync(child);
        child.Tell(Failure, TestActor);

        await ExpectTerminatedAsync(child);
    }

    [Fact]
    public async Task V15_while_a_child_is_suspended_its_children_are_too()
    {
        IActorRef? grandchild = null;
        var elsewhere = Start(a => a.On<int>(n => a.From.Tell(n)));
        var actor = StartFamily(
            new OneForOneStrategy(_ =>
            {
                grandchild!.Tell("grandchild handles", TestActor);
                for (var n = 0; n < 100; n++)
                {
                    elsewhere.Ask<int>(n, Patience).Wait(Patience);
                }

                Note("decided");
                return Directive.Resume;
            }),
            child =>
            {
                grandchild = child.Ctx.ActorOf(Scripted.Of(g => g.On<string>(Note)));
                child.ThrowsWhatItGets();
            });

        actor.Tell(Failure, TestActor);

        await ExpectNotes("decided", "grandchild handles");
    }

    [Fact]
    public async Task V16_an_exception_in_the_decider_is_a_failure_of_the_supervisor()
    {
        var grandparent = Start(g =>
        {
            g.Strategy = new OneForOneStrategy(e =>
            {
                Note(e.Message);
                return Directive.Stop;
            });
            var parent = g.Ctx.ActorOf(Scripted.Of(p =>
            {
                p.Strategy = new OneForOneStrategy(_ => throw new ArgumentException("in the decider"));
                var child = p.Ctx.ActorOf(Scripted.Of(c => c.ThrowsWhatItGets()));
                p.OnAny(message => child.Forward(message));
            }));
            g.OnAny(message => parent.Forward(message));
        });

        grandparent.Tell(Failure, TestActor);

        await ExpectNotes("in the decider");
    }

    [Fact]
    public async Task V17_a_failure_is_logged_as_an_error_on_Restart_and_Stop_and_as_a_warning_on_Resume()
    {
        var restarting = StartFamily(Always(Directive.Restart), Counter);
        var stopping = StartFamily(Always(Directive.Stop), Counter);
        var resuming = StartFamily(Always(Directive.Resume), Counter);

        await EventFilter.Exception<InvalidOperationException>("failure")
            .ExpectAsync(2, () =>
            {
                restarting.Tell(Failure, TestActor);
                stopping.Tell(Failure, TestActor);
                return Task.CompletedTask;
            });
        await EventFilter.Warning("failure").ExpectOneAsync(() =>
        {
            resuming.Tell(Failure, TestActor);
            return Task.CompletedTask;
        });
    }

    [Fact]
    public async Task V18_a_top_level_actor_is_restarted_when_it_fails()
    {
        var actor = Start(Counter);

        TellAll(actor, "a", Failure, "b");

        await ExpectNotes("a 1", "restarted", "b 1");
    }

    [Fact]
    public async Task V19_a_strategy_in_Props_goes_before_the_actors_own()
    {
        var parent = Sys.ActorOf(Scripted.Of(p =>
        {
            p.Strategy = Always(Directive.Restart);
            var child = p.Ctx.ActorOf(Scripted.Of(Counter));
            p.OnAny(message => child.Forward(message));
        }).WithSupervisorStrategy(Always(Directive.Resume)));

        TellAll(parent, "a", Failure, "b");

        await ExpectNotes("a 1", "b 2");
    }

    private static async Task<IActorRef> ChildOf(IActorRef family) => await family.Ask<IActorRef>("who", Patience);

    /// <summary>Notes every text with a number counted since its last restart.</summary>
    private void Counter(Scripted a)
    {
        var count = 0;
        a.Restarted = _ => Note("restarted");
        a.ThrowsWhatItGets();
        a.On<string>(text => Note($"{text} {++count}"));
    }

    private void Introduced(Scripted a)
    {
        a.Restarted = _ => Note("restarted");
        a.ThrowsWhatItGets();
        a.On<string>(_ => a.From.Tell(a.Me));
    }

    /// <summary>Two counters, "one" and "two"; an exception goes to "one".</summary>
    private IActorRef Siblings(SupervisorStrategy strategy) => Start(p =>
    {
        p.Strategy = strategy;
        foreach (var name in (string[])["one", "two"])
        {
            p.Ctx.ActorOf(Scripted.Of(c =>
            {
                var count = 0;
                c.Restarted = _ => Note(name + " restarted");
                c.Stopping = () => Note(name + " stopped");
                c.ThrowsWhatItGets();
                c.On<string>(_ => Note($"{name} {++count}"));
                c.KeepsChildren = true;
            }), name);
        }

        p.On<string>(name => p.Ctx.Child(name).Forward(name));
        p.OnAny(failure => p.Ctx.Child("one").Forward(failure));
    });
}
