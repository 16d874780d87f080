using System.Collections.Concurrent;
using Akka;
using Akka.Actor;
using Akka.Configuration;
using Akka.Event;
using Plexum.ActorKernel.Tests.Event;
using Xunit;

namespace Plexum.ActorKernel.Tests.Shutdown;

public sealed class CoordinatedShutdownSpecs : SystemTest
{
    private static readonly CoordinatedShutdown.Reason Unknown = CoordinatedShutdown.UnknownReason.Instance;
    private readonly ConcurrentQueue<string> _ran = new();

    [Fact]
    public async Task Phases_run_in_the_order_of_their_dependencies_and_end_the_system()
    {
        var system = Start();
        var shutdown = CoordinatedShutdown.Get(system);
        foreach (var phase in new[]
        {
            CoordinatedShutdown.PhaseBeforeActorSystemTerminate,
            CoordinatedShutdown.PhaseServiceStop,
            CoordinatedShutdown.PhaseServiceRequestsDone,
            "cluster-leave",
            CoordinatedShutdown.PhaseServiceUnbind,
            CoordinatedShutdown.PhaseBeforeServiceUnbind,
        })
        {
            shutdown.AddTask(phase, "note", Note(phase));
        }

        await shutdown.Run(Unknown).WaitAsync(Limit);

        Assert.Equal(
            ["before-service-unbind", "service-unbind", "service-requests-done", "service-stop", "cluster-leave", "before-actor-system-terminate"],
            _ran);
        Assert.True(system.WhenTerminated.IsCompleted);
    }

    [Fact]
    public async Task Tasks_of_one_phase_run_side_by_side_and_the_next_phase_waits_for_all()
    {
        var shutdown = CoordinatedShutdown.Get(Start());
        var meeting = new TaskCompletionSource<Done>(TaskCreationOptions.RunContinuationsAsynchronously);
        shutdown.AddTask(CoordinatedShutdown.PhaseServiceUnbind, "waits", () => meeting.Task.ContinueWith(_ => Noted("waited")));
        shutdown.AddTask(CoordinatedShutdown.PhaseServiceUnbind, "comes", () =>
        {
            meeting.SetResult(Done.Instance);
            return Task.FromResult(Done.Instance);
        });
        shutdown.AddTask(CoordinatedShutdown.PhaseServiceStop, "after", Note("after"));

        await shutdown.Run(Unknown).WaitAsync(Limit);

        Assert.Equal(["waited", "after"], _ran);
    }

    [Fact]
    public async Task It_runs_once_and_keeps_the_first_reason()
    {
        var shutdown = CoordinatedShutdown.Get(Start());
        shutdown.AddTask(CoordinatedShutdown.PhaseServiceStop, "note", Note("x"));
        Assert.Null(shutdown.ShutdownReason);

        var first = shutdown.Run(CoordinatedShutdown.ClrExitReason.Instance);
        var second = shutdown.Run(Unknown);
        await Task.WhenAll(first, second).WaitAsync(Limit);

        Assert.Equal(["x"], _ran);
        Assert.Same(CoordinatedShutdown.ClrExitReason.Instance, shutdown.ShutdownReason);
    }

    [Fact]
    public async Task It_can_begin_at_a_later_phase()
    {
        var shutdown = CoordinatedShutdown.Get(Start());
        shutdown.AddTask(CoordinatedShutdown.PhaseServiceUnbind, "early", Note("early"));
        shutdown.AddTask(CoordinatedShutdown.PhaseServiceStop, "late", Note("late"));

        await shutdown.Run(Unknown, CoordinatedShutdown.PhaseServiceStop).WaitAsync(Limit);

        Assert.Equal(["late"], _ran);
    }

    [Fact]
    public async Task A_task_that_fails_is_logged_and_stops_nothing()
    {
        var system = Start("akka.coordinated-shutdown.terminate-actor-system = off\nakka.coordinated-shutdown.run-by-actor-system-terminate = off");
        var log = new Listener(system);
        system.EventStream.Subscribe<Warning>(log.Ref);
        var shutdown = CoordinatedShutdown.Get(system);
        shutdown.AddTask(CoordinatedShutdown.PhaseServiceUnbind, "thrower", () => throw new InvalidOperationException("at once"));
        shutdown.AddTask(CoordinatedShutdown.PhaseServiceStop, "failer", () => Task.FromException<Done>(new InvalidOperationException("later")));
        shutdown.AddTask(CoordinatedShutdown.PhaseBeforeActorSystemTerminate, "after", Note("after"));

        await shutdown.Run(Unknown).WaitAsync(Limit);

        Assert.Equal(["after"], _ran);
        Assert.Equal("Task [thrower] failed in phase [service-unbind]: at once", (await log.Next<Warning>()).Message.ToString());
        Assert.StartsWith("Task [failer] failed in phase [service-stop]: ", (await log.Next<Warning>()).Message.ToString(), StringComparison.Ordinal);
        Assert.False(system.WhenTerminated.IsCompleted);
    }

    [Fact]
    public async Task A_task_that_fails_in_a_phase_that_does_not_recover_ends_the_shutdown_there()
    {
        var system = Start("akka.coordinated-shutdown.phases.service-unbind.recover = off\nakka.coordinated-shutdown.run-by-actor-system-terminate = off");
        var shutdown = CoordinatedShutdown.Get(system);
        shutdown.AddTask(CoordinatedShutdown.PhaseServiceUnbind, "failer", () => throw new InvalidOperationException("broken"));
        shutdown.AddTask(CoordinatedShutdown.PhaseServiceStop, "after", Note("after"));

        var failure = await Record.ExceptionAsync(() => shutdown.Run(Unknown).WaitAsync(Limit));

        Assert.Contains("broken", failure.ToString(), StringComparison.Ordinal);
        Assert.Empty(_ran);
        Assert.False(system.WhenTerminated.IsCompleted);
    }

    [Fact]
    public async Task A_phase_that_takes_too_long_is_given_up()
    {
        var system = Start("akka.coordinated-shutdown.phases.service-unbind.timeout = 50ms");
        var shutdown = CoordinatedShutdown.Get(system);
        shutdown.AddTask(CoordinatedShutdown.PhaseServiceUnbind, "hangs", () => new TaskCompletionSource<Done>().Task);
        shutdown.AddTask(CoordinatedShutdown.PhaseServiceStop, "after", Note("after"));

        await shutdown.Run(Unknown).WaitAsync(Limit);

        Assert.Equal(["after"], _ran);
    }

    [Fact]
    public async Task A_phase_that_takes_too_long_and_does_not_recover_ends_the_shutdown_there()
    {
        var system = Start("""
            akka.coordinated-shutdown.run-by-actor-system-terminate = off
            akka.coordinated-shutdown.phases.service-unbind { recover = off, timeout = 50ms }
            """);
        var shutdown = CoordinatedShutdown.Get(system);
        shutdown.AddTask(CoordinatedShutdown.PhaseServiceUnbind, "hangs", () => new TaskCompletionSource<Done>().Task);

        var failure = await Record.ExceptionAsync(() => shutdown.Run(Unknown).WaitAsync(Limit));

        Assert.Contains("service-unbind", failure.ToString(), StringComparison.Ordinal);
        Assert.Contains("timed out after 00:00:00.0500000", failure.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_phase_of_ones_own_finds_its_place()
    {
        var system = Start("""
            akka.coordinated-shutdown.phases {
              turns-done { depends-on = [service-requests-done], timeout = 3s }
              service-stop { depends-on = [turns-done] }
            }
            """);
        var shutdown = CoordinatedShutdown.Get(system);
        foreach (var phase in new[] { "service-stop", "turns-done", "service-requests-done" })
        {
            shutdown.AddTask(phase, "note", Note(phase));
        }

        await shutdown.Run(Unknown).WaitAsync(Limit);

        Assert.Equal(["service-requests-done", "turns-done", "service-stop"], _ran);
        Assert.Equal(TimeSpan.FromSeconds(3), shutdown.Timeout("turns-done"));
        Assert.Equal(TimeSpan.FromSeconds(5), shutdown.Timeout("service-stop"));
        Assert.Equal(TimeSpan.FromSeconds(3 + 5 + 5 + 10), shutdown.TotalTimeout);
    }

    [Fact]
    public void An_unknown_phase_is_refused_and_named()
    {
        var shutdown = CoordinatedShutdown.Get(Start());

        var e = Assert.Throws<ConfigurationException>(() => shutdown.AddTask("lunch", "eat", Note("x")));
        Assert.Contains("[lunch]", e.Message, StringComparison.Ordinal);
        Assert.Contains("lunch", Assert.Throws<ArgumentException>(() => shutdown.Timeout("lunch")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Phases_that_depend_on_each_other_are_refused()
    {
        var system = Start("""
            akka.coordinated-shutdown.run-by-actor-system-terminate = off
            akka.coordinated-shutdown.phases.before-service-unbind.depends-on = [service-stop]
            """);

        var e = Assert.ThrowsAny<Exception>(() => CoordinatedShutdown.Get(system));

        Assert.Contains("Cycle detected in graph of phases", e.ToString(), StringComparison.Ordinal);
        await system.Terminate().WaitAsync(Limit);
    }

    [Fact]
    public void A_shutdown_by_termination_that_does_not_terminate_is_refused()
    {
        var e = Assert.Throws<ConfigurationException>(() => Start("akka.coordinated-shutdown.terminate-actor-system = off"));

        Assert.Contains("terminate-actor-system=off", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Terminating_the_system_runs_all_phases_while_its_actors_live()
    {
        var system = Start();
        var listener = new Listener(system);
        var shutdown = CoordinatedShutdown.Get(system);
        shutdown.AddTask(CoordinatedShutdown.PhaseBeforeActorSystemTerminate, "ask", async () =>
        {
            listener.Ref.Tell("alive");
            return Noted(await listener.Next<string>());
        });

        await system.Terminate().WaitAsync(Limit);

        Assert.Equal(["alive"], _ran);
        Assert.Same(CoordinatedShutdown.ActorSystemTerminateReason.Instance, shutdown.ShutdownReason);
        Assert.True(system.WhenTerminated.IsCompleted);
    }

    [Fact]
    public async Task Terminating_the_system_runs_no_phase_when_the_settings_say_so()
    {
        var system = Start("akka.coordinated-shutdown.run-by-actor-system-terminate = off");
        var shutdown = CoordinatedShutdown.Get(system);
        shutdown.AddTask(CoordinatedShutdown.PhaseServiceStop, "note", Note("x"));

        await system.Terminate().WaitAsync(Limit);

        Assert.Empty(_ran);
        Assert.Null(shutdown.ShutdownReason);
    }

    private Func<Task<Done>> Note(string name) => () => Task.FromResult(Noted(name));

    private Done Noted(string name)
    {
        _ran.Enqueue(name);
        return Done.Instance;
    }
}
