using Akka.Actor;
using Akka.Event;
using Plexum.Codex.Problems;

namespace Plexum.Codex.Host.Health;

/// <summary>
/// Looks twice a minute whether codex's own files say that no turn can reach the model, so that this is known before a turn is refused for
/// it, and over once the user has logged in. The first look is the caller's, before anybody asks. Parent: the user guardian; no children.
/// Phases: none. When it fails it is restarted and looks again.
/// </summary>
internal sealed class LoginWatchActor : ReceiveActor, IWithTimers
{
    /// <summary>How often it looks.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(30);

    private readonly ILoggingAdapter _log = Context.GetLogger();

    public LoginWatchActor(Func<string?> why, IActorRef problems)
    {
        Receive<Look>(_ => FileWork.Run(() => new ProblemsProtocol.LoginSeen(why())).PipeTo(Self));
        Receive<ProblemsProtocol.LoginSeen>(seen => problems.Tell(seen));
        Receive<Status.Failure>(failure =>
            _log.Warning("codex: whether codex can reach the model is unknown err={Error}", failure.Cause.Message)
        );
    }

    public ITimerScheduler Timers { get; set; } = null!;

    /// <param name="why">What keeps turns from the model, as a clause; null for nothing.</param>
    /// <param name="problems">Is told of it.</param>
    public static Props Props(Func<string?> why, IActorRef problems) => Akka.Actor.Props.Create(() => new LoginWatchActor(why, problems));

    protected override void PreStart() => Timers.StartPeriodicTimer(Look.Instance, Look.Instance, Interval, Interval);

    private sealed record Look
    {
        public static Look Instance { get; } = new();
    }
}
