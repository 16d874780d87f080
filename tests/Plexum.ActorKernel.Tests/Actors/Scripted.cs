using Akka.Actor;

namespace Plexum.ActorKernel.Tests.Actors;

/// <summary>An actor whose constructor runs a script, so that a test can say what its actors do where it uses them.</summary>
internal class Scripted : ReceiveActor
{
    public Scripted(Action<Scripted> script) => script(this);

    public IActorContext Ctx => Context;

    public IActorRef Me => Self;

    public IActorRef From => Sender;

    public SupervisorStrategy? Strategy { get; set; }

    public Action? Starting { get; set; }

    public Action? Stopping { get; set; }

    public Action<Exception, object?>? Restarting { get; set; }

    public Action<Exception>? Restarted { get; set; }

    /// <summary>Leaves out the base's part of PreRestart, which stops the children and calls PostStop.</summary>
    public bool KeepsChildren { get; set; }

    public static Props Of(Action<Scripted> script) => Props.Create(() => new Scripted(script));

    public void On<T>(Action<T> handle) => Receive(handle);

    public void On<T>(Predicate<T> when, Action<T> handle) => Receive(when, handle);

    public void OnIf<T>(Func<T, bool> handle) => Receive(handle);

    public void OnAsync<T>(Func<T, Task> handle) => ReceiveAsync(handle);

    public void OnAny(Action<object> handle) => ReceiveAny(handle);

    public void OnAnyAsync(Func<object, Task> handle) => ReceiveAnyAsync(handle);

    /// <summary>Throws every exception that it is told.</summary>
    public void ThrowsWhatItGets() => Receive<Exception>(e => throw e);

    public void Turn(Action configure) => Become(configure);

    public void Push(Action configure) => BecomeStacked(configure);

    public void Pop() => UnbecomeStacked();

    protected override SupervisorStrategy SupervisorStrategy() => Strategy ?? base.SupervisorStrategy();

    protected override void PreStart() => Starting?.Invoke();

    protected override void PostStop() => Stopping?.Invoke();

    protected override void PreRestart(Exception reason, object? message)
    {
        Restarting?.Invoke(reason, message);
        if (!KeepsChildren)
        {
            base.PreRestart(reason, message!);
        }
    }

    protected override void PostRestart(Exception reason)
    {
        Restarted?.Invoke(reason);
        base.PostRestart(reason);
    }
}

/// <summary>A scripted actor with a stash.</summary>
internal sealed class ScriptedStasher(Action<ScriptedStasher> script) : Scripted(self => script((ScriptedStasher)self)), IWithStash
{
    public IStash Stash { get; set; } = null!;

    public static Props Of(Action<ScriptedStasher> script) => Props.Create(() => new ScriptedStasher(script));
}

/// <summary>A scripted actor with timers.</summary>
internal sealed class ScriptedTimer(Action<ScriptedTimer> script) : Scripted(self => script((ScriptedTimer)self)), IWithTimers
{
    public ITimerScheduler Timers { get; set; } = null!;

    public static Props Of(Action<ScriptedTimer> script) => Props.Create(() => new ScriptedTimer(script));
}
