using Akka.Actor;
using Akka.Configuration;
using Akka.TestKit;
using Akka.TestKit.Xunit2;
using Xunit;

namespace Plexum.ActorKernel.Tests.Actors;

/// <summary>
/// Base of the specs behind docs/runtime-semantics.md. Waits end with a message, so the limits are generous: they
/// are reached only when something is wrong.
/// </summary>
public abstract class ActorSpecs(string config = "") : TestKit(ConfigurationFactory.ParseString(config + Limits))
{
    private const string Limits = """

        akka.loglevel = WARNING
        akka.test.single-expect-default = 60s
        akka.test.filter-leeway = 60s
        """;

    protected static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    protected static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    /// <summary>Starts a top-level actor that does what <paramref name="script"/> says.</summary>
    internal IActorRef Start(Action<Scripted> script, string? name = null) => Sys.ActorOf(Scripted.Of(script), name);

    /// <summary>Starts a parent with one child, "child", to which it forwards all that it gets.</summary>
    internal IActorRef StartFamily(SupervisorStrategy? strategy, Action<Scripted> child, Action<Scripted>? parent = null) =>
        Start(p =>
        {
            p.Strategy = strategy;
            parent?.Invoke(p);
            var kid = p.Ctx.ActorOf(Scripted.Of(child), "child");
            p.OnAny(message => kid.Forward(message));
        });

    /// <summary>Tells the test something, from wherever the caller is; null becomes "nothing".</summary>
    internal void Note(object? note) => TestActor.Tell(note ?? "nothing", ActorRefs.NoSender);

    /// <summary>Tells the actor all these messages, with the test actor as the sender.</summary>
    internal void TellAll(IActorRef actor, params object[] messages)
    {
        foreach (var message in messages)
        {
            actor.Tell(message, TestActor);
        }
    }

    /// <summary>The next <paramref name="count"/> messages of the test actor, which must all be of type T.</summary>
    internal async Task<List<T>> Take<T>(int count)
    {
        var taken = new List<T>(count);
        while (taken.Count < count)
        {
            taken.Add(await ExpectMsgAsync<T>());
        }

        return taken;
    }

    /// <summary>Expects the given notes, one after the other, and nothing in between.</summary>
    internal async Task ExpectNotes(params string[] notes) => Assert.Equal(notes, await Take<string>(notes.Length));

    /// <summary>Stops an actor and waits until it is gone.</summary>
    internal async Task StopAndWait(IActorRef actor)
    {
        var watcher = CreateTestProbe();
        await watcher.WatchAsync(actor);
        Sys.Stop(actor);
        await watcher.ExpectTerminatedAsync(actor);
    }

    internal TestProbe Subscribed(Type channel)
    {
        var probe = CreateTestProbe();
        Sys.EventStream.Subscribe(probe.Ref, channel);
        return probe;
    }

    /// <summary>Runs <paramref name="act"/> on a thread of its own, which no actor and no TestKit has touched.</summary>
    internal static Task<T> OutsideAllActors<T>(Func<T> act) =>
        Task.Factory.StartNew(act, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    internal static OneForOneStrategy Always(Directive directive) => new(_ => directive);
}
