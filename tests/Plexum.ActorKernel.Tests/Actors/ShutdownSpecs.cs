using System.Collections.Concurrent;
using Akka;
using Akka.Actor;
using Akka.Configuration;
using Xunit;

namespace Plexum.ActorKernel.Tests.Actors;

public class ShutdownSpecs : ActorSpecs
{
    private readonly ConcurrentQueue<string> _ran = new();

    [Fact]
    public async Task G1_the_phases_run_one_after_the_other_in_their_order()
    {
        string[] phases =
        [
            CoordinatedShutdown.PhaseBeforeServiceUnbind,
            CoordinatedShutdown.PhaseServiceUnbind,
            CoordinatedShutdown.PhaseServiceRequestsDone,
            CoordinatedShutdown.PhaseServiceStop,
            CoordinatedShutdown.PhaseBeforeActorSystemTerminate,
        ];
        var shutdown = CoordinatedShutdown.Get(Sys);
        foreach (var phase in phases.Reverse())
        {
            Add(shutdown, phase, phase);
        }

        await shutdown.Run(CoordinatedShutdown.UnknownReason.Instance).WaitAsync(Patience);

        Assert.Equal(phases, _ran);
        Assert.True(Sys.WhenTerminated.IsCompleted);
    }

    [Fact]
    public async Task G2_the_tasks_of_one_phase_run_side_by_side_and_the_next_phase_waits_for_all()
    {
        var first = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var shutdown = CoordinatedShutdown.Get(Sys);
        Add(shutdown, CoordinatedShutdown.PhaseServiceUnbind, "waits for the other", () => first.Task);
        Add(shutdown, CoordinatedShutdown.PhaseServiceUnbind, "the other", () =>
        {
            first.SetResult();
            return Task.CompletedTask;
        });
        Add(shutdown, CoordinatedShutdown.PhaseServiceStop, "next phase");

        await shutdown.Run(CoordinatedShutdown.UnknownReason.Instance).WaitAsync(Patience);

        Assert.Equal(3, _ran.Count);
        Assert.Equal("next phase", _ran.Last());
    }

    [Fact]
    public async Task G3_it_runs_once_and_remembers_the_first_reason()
    {
        var shutdown = CoordinatedShutdown.Get(Sys);
        Add(shutdown, CoordinatedShutdown.PhaseServiceStop, "once");
        Assert.Null(shutdown.ShutdownReason);

        var first = shutdown.Run(CoordinatedShutdown.ClrExitReason.Instance);
        var second = shutdown.Run(CoordinatedShutdown.UnknownReason.Instance);
        await Task.WhenAll(first, second).WaitAsync(Patience);

        Assert.Equal(["once"], _ran);
        Assert.Same(CoordinatedShutdown.ClrExitReason.Instance, shutdown.ShutdownReason);
    }

    [Fact]
    public async Task G4_a_task_that_fails_is_logged_and_the_next_phases_run()
    {
        var logged = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var shutdown = CoordinatedShutdown.Get(Sys);
        Add(shutdown, CoordinatedShutdown.PhaseServiceUnbind, "fails", () => throw new InvalidOperationException("at once"));
        Add(shutdown, CoordinatedShutdown.PhaseServiceUnbind, "fails too",
            () => Task.FromException(new InvalidOperationException("later")));
        Add(shutdown, CoordinatedShutdown.PhaseServiceStop, "next phase", () => logged.Task);

        var run = Task.CompletedTask;
        await EventFilter.Warning(contains: "fails").ExpectAsync(2, () =>
        {
            run = shutdown.Run(CoordinatedShutdown.UnknownReason.Instance);
            return Task.CompletedTask;
        });
        logged.SetResult();
        await run.WaitAsync(Patience);

        Assert.Equal("next phase", _ran.Last());
    }

    [Fact]
    public async Task G5_a_phase_that_must_not_fail_ends_the_run_with_its_exception()
    {
        const string Config = """
            akka.coordinated-shutdown.phases.service-unbind.recover = off
            akka.coordinated-shutdown.run-by-actor-system-terminate = off
            """;
        await WithSystem(Config, async system =>
        {
            var shutdown = CoordinatedShutdown.Get(system);
            Add(shutdown, CoordinatedShutdown.PhaseServiceUnbind, "fails",
                () => Task.FromException(new InvalidOperationException("no way on")));
            Add(shutdown, CoordinatedShutdown.PhaseServiceStop, "never");

            var failure = await Record.ExceptionAsync(() =>
                shutdown.Run(CoordinatedShutdown.UnknownReason.Instance).WaitAsync(Patience));

            Assert.Contains("no way on", failure!.ToString(), StringComparison.Ordinal);
            Assert.Equal(["fails"], _ran);
        });
    }

    [Fact]
    public async Task G6_a_phase_that_takes_longer_than_its_timeout_is_left_behind()
    {
        await WithSystem("akka.coordinated-shutdown.phases.service-unbind.timeout = 100ms", async system =>
        {
            var shutdown = CoordinatedShutdown.Get(system);
            Add(shutdown, CoordinatedShutdown.PhaseServiceUnbind, "never ends", () => new TaskCompletionSource().Task);
            Add(shutdown, CoordinatedShutdown.PhaseServiceStop, "next phase");

            await shutdown.Run(CoordinatedShutdown.UnknownReason.Instance).WaitAsync(Patience);

            Assert.Equal(["never ends", "next phase"], _ran);
        });
    }

    [Fact]
    public async Task G7_an_unknown_phase_is_refused_by_name()
    {
        var shutdown = CoordinatedShutdown.Get(Sys);

        var failure = Assert.Throws<ConfigurationException>(() => Add(shutdown, "no-such-phase", "task"));

        Assert.Contains("no-such-phase", failure.Message, StringComparison.Ordinal);
        await Sys.Terminate().WaitAsync(Patience);
    }

    [Fact]
    public async Task G8_Terminate_runs_the_coordinated_shutdown()
    {
        var shutdown = CoordinatedShutdown.Get(Sys);
        Add(shutdown, CoordinatedShutdown.PhaseServiceStop, "task");

        await Sys.Terminate().WaitAsync(Patience);

        Assert.Equal(["task"], _ran);
        Assert.IsType<CoordinatedShutdown.ActorSystemTerminateReason>(shutdown.ShutdownReason);
    }

    [Fact]
    public async Task G9_termination_stops_every_actor_the_leaves_first_and_then_WhenTerminated_ends()
    {
        var actor = Start(a =>
        {
            a.Stopping = () => _ran.Enqueue("parent");
            a.Ctx.ActorOf(Scripted.Of(c =>
            {
                c.Stopping = () => _ran.Enqueue("child");
                Note("started");
            }));
        });
        await ExpectNotes("started");
        Assert.False(Sys.WhenTerminated.IsCompleted);

        await Sys.Terminate().WaitAsync(Patience);
        await Sys.WhenTerminated.WaitAsync(Patience);

        Assert.Equal(["child", "parent"], _ran);
        actor.Tell("no error", ActorRefs.NoSender);
    }

    [Fact]
    public async Task G10_a_terminated_system_makes_no_actors()
    {
        await Sys.Terminate().WaitAsync(Patience);

        Assert.Throws<InvalidOperationException>(() => Start(_ => { }));
    }

    [Fact]
    public async Task G11_Terminate_may_be_called_again_and_from_inside_an_actor()
    {
        var actor = Start(a => a.OnAny(_ =>
        {
            a.Ctx.System.Terminate();
            a.Ctx.System.Terminate();
        }));

        actor.Tell("end it", ActorRefs.NoSender);

        await Sys.WhenTerminated.WaitAsync(Patience);
        await Sys.Terminate().WaitAsync(Patience);
    }

    [Fact]
    public async Task G12_two_systems_know_nothing_of_each_other()
    {
        var actor = Start(a => a.On<string>(Note), "same-name");
        await WithSystem(string.Empty, async other =>
        {
            other.ActorOf(Scripted.Of(_ => { }), "same-name");
            await other.Terminate().WaitAsync(Patience);
        });

        actor.Tell("still here", TestActor);

        await ExpectNotes("still here");
    }

    [Fact]
    public async Task G13_RegisterOnTermination_runs_when_all_actors_have_stopped()
    {
        Start(a => a.Stopping = () => _ran.Enqueue("actor stopped"));
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Sys.RegisterOnTermination(() =>
        {
            _ran.Enqueue("terminated");
            done.SetResult();
        });

        await Sys.Terminate().WaitAsync(Patience);
        await done.Task.WaitAsync(Patience);

        Assert.Equal(["actor stopped", "terminated"], _ran);
    }

    private static async Task WithSystem(string config, Func<ActorSystem, Task> act)
    {
        using var system = ActorSystem.Create("other", ConfigurationFactory.ParseString(config + "\nakka.loglevel = OFF"));
        await act(system);
    }

    private void Add(CoordinatedShutdown shutdown, string phase, string name, Func<Task>? task = null) =>
        shutdown.AddTask(phase, name, async () =>
        {
            _ran.Enqueue(name);
            await (task?.Invoke() ?? Task.CompletedTask);
            return Done.Instance;
        });
}
