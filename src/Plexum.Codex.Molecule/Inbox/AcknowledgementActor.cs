using System.Globalization;
using Akka.Actor;
using Akka.Event;
using Plexum.Codex.Inbox;
using Plexum.Codex.Molecule.Platform;
using Plexum.Codex.Molecule.Rules;

namespace Plexum.Codex.Molecule.Inbox;

/// <summary>
/// Owns the acknowledgement of finished messages, in rounds through the journal. Failed ones are retried in a later round and delay
/// nothing else. Parent: <see cref="InboxActor"/>; no children. Phases: idle, in a round, waiting after failures, closed while the
/// platform is down. If it fails, it is restarted and starts a round; acknowledging twice is harmless.
/// </summary>
internal sealed class AcknowledgementActor : ReceiveActor, IWithTimers
{
    private const int Page = 64;
    private const int MaxAtOnce = 4;

    private readonly InboxServices _services;
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private PlatformHealth _health = PlatformHealth.Up;
    private int _failures;
    private bool _inRound;
    private bool _wanted;

    // Where the last round stopped. The next one starts there, so that messages that always fail do not block the others.
    private long _next;

    /// <summary>Use <see cref="Props"/> to create the actor.</summary>
    public AcknowledgementActor(InboxServices services)
    {
        _services = services;
        Calls = new PlatformCalls(services.Time);
        Receive<InboxChildProtocol.Acknowledge>(_ => Want());
        Receive<PlatformHealth>(health =>
        {
            _health = _health == PlatformHealth.Refused ? _health : health;
            StartRound();
        });
        Receive<RoundEnded>(EndRound);
        Receive<TryAgain>(_ => StartRound());
    }

    /// <inheritdoc/>
    public ITimerScheduler Timers { get; set; } = null!;

    private PlatformCalls Calls { get; }

    /// <summary>The props of an inbox's acknowledgement actor.</summary>
    public static Props Props(InboxServices services) => Akka.Actor.Props.Create(() => new AcknowledgementActor(services));

    /// <inheritdoc/>
    protected override void PostRestart(Exception reason)
    {
        base.PostRestart(reason);
        Want();
    }

    /// <inheritdoc/>
    protected override void PostStop() => Calls.Stop();

    private void Want()
    {
        _wanted = true;
        StartRound();
    }

    // After a failure the next round waits for its timer, however many messages arrive meanwhile.
    private void StartRound()
    {
        if (_inRound || !_wanted || _health != PlatformHealth.Up || Timers.IsTimerActive(TryAgain.Instance))
        {
            return;
        }

        (_inRound, _wanted) = (true, false);
        var from = _next;
        FileWork.Run(() => RunAsync(from)).PipeTo(Self, failure: e => new RoundEnded(from, 0, 0, 1, e));
    }

    private async Task<RoundEnded> RunAsync(long from)
    {
        var (done, failed, after) = (0, 0, from);
        Exception? problem = null;
        while (await _services.Journal.FindUnacknowledgedAsync(after, Page).ConfigureAwait(false) is { Length: > 0 } page)
        {
            after = page[^1].Number;
            foreach (var some in page.Chunk(MaxAtOnce))
            {
                var results = await Task.WhenAll(some.Select(PopAsync)).ConfigureAwait(false);
                await _services
                    .Journal.AcknowledgedAsync([.. results.Where(result => result.Failure is null).Select(result => result.Message)])
                    .ConfigureAwait(false);
                done += results.Count(result => result.Failure is null);
                failed += results.Count(result => result.Failure is not null);
                problem = results.FirstOrDefault(result => result.Failure is not null).Failure ?? problem;

                // Nothing but failures: the platform is in trouble, and thousands of further calls would not help.
                if (problem is PlatformRefusedException || (done == 0 && failed >= MaxAtOnce))
                {
                    return new RoundEnded(from, some[^1].Number, done, failed, problem);
                }
            }
        }

        return new RoundEnded(from, 0, done, failed, problem);
    }

    private async Task<(InboxNumber Message, Exception? Failure)> PopAsync(InboxNumber message)
    {
        try
        {
            await Calls.RunAsync(token => _services.Platform.PopAsync(message.ActivityId, token)).ConfigureAwait(false);
            return (message, null);
        }
        catch (Exception e) when (!Calls.Stopping.IsCancellationRequested)
        {
            return (message, e);
        }
    }

    private void EndRound(RoundEnded round)
    {
        (_inRound, _next) = (false, round.LeftOffAt);
        if (round.Problem is PlatformRefusedException)
        {
            _health = PlatformHealth.Refused;
            Context.Parent.Tell(new InboxChildProtocol.PlatformRefusal(round.Problem.Message));
        }
        else if (round.Problem is { } problem)
        {
            _failures = round.Done > 0 ? 1 : _failures + 1;
            _wanted = true;
            var pause = BackOff.Of(
                _services.Settings,
                _failures,
                _services.Random(),
                (problem as PlatformUnavailableException)?.RetryAfter
            );
            LogFailed(round.Failed, pause, problem);
            Timers.StartSingleTimer(TryAgain.Instance, TryAgain.Instance, pause);
        }
        else
        {
            _failures = 0;
            _wanted |= round.From > 0;
            StartRound();
        }
    }

    private void LogFailed(int failed, TimeSpan pause, Exception problem)
    {
        if (_failures == 1)
        {
            _log.Warning(
                "molecule: {Count} acknowledgements failed; retrying in {Pause:0.0} s: {Error}",
                failed.ToString(CultureInfo.InvariantCulture),
                pause.TotalSeconds,
                problem.Message
            );
        }

        Context.Parent.Tell(new InboxChildProtocol.Trouble(problem.Message));
    }

    /// <param name="From">The message after which the round started.</param>
    /// <param name="LeftOffAt">The message after which the next round starts; 0 if this one reached the end.</param>
    /// <param name="Done">The number of acknowledged messages.</param>
    /// <param name="Failed">The number of failures.</param>
    /// <param name="Problem">The last failure, or null.</param>
    private sealed record RoundEnded(long From, long LeftOffAt, int Done, int Failed, Exception? Problem) : IDeadLetterSuppression;

    private sealed record TryAgain
    {
        public static TryAgain Instance { get; } = new();
    }
}
