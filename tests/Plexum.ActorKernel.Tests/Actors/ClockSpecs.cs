using Akka.TestKit;

namespace Plexum.ActorKernel.Tests.Actors;

/// <summary>Base of the specs in which the test turns the clock.</summary>
public abstract class ClockSpecs(string config = "")
    : ActorSpecs($"akka.scheduler.implementation = \"{typeof(TestScheduler).AssemblyQualifiedName}\"\n{config}")
{
    protected TestScheduler Clock => (TestScheduler)Sys.Scheduler;
}
