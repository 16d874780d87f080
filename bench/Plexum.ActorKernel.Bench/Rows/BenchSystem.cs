using Akka.Actor;

namespace Plexum.ActorKernel.Bench.Rows;

/// <summary>The actor system of the rows that do not measure its start: everything at its default, only nothing is logged.</summary>
internal static class BenchSystem
{
    public static ActorSystem Create() => ActorSystem.Create("bench", "akka { loglevel = OFF, stdout-loglevel = OFF }");

    /// <summary>A task source that does not run its waiter inside the actor that completes it.</summary>
    public static TaskCompletionSource Signal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
