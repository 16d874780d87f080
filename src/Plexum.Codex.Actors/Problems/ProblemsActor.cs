using Akka.Actor;
using Akka.Event;
using Plexum.Codex.Ledger;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Problems;

/// <summary>
/// Knows what should page an operator: what it is told through <see cref="IProblemReporter"/>, and what it learns from how turns wait and
/// end. It logs each problem when it begins and when it is over, in the words in which it lists it. Parent: the user guardian; no
/// children; no phases. When it fails it is restarted and knows of nothing until it is told again.
/// </summary>
public sealed class ProblemsActor : ReceiveActor, IWithTimers
{
    private const string WaitTimer = "oldest";

    private readonly ProblemSettings _settings;
    private readonly TimeProvider _time;
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly Dictionary<ProblemKind, StandingProblem> _standing = [];
    private readonly WaitingTurns _waiting = new();
    private int _failures;
    private bool _isLoginMissing;

    /// <summary>Created by <see cref="Props"/>.</summary>
    public ProblemsActor(ProblemSettings settings, TimeProvider time)
    {
        (_settings, _time) = (settings, time);
        Receive<ProblemsProtocol.Begins>(begins => Begin(begins.Kind, begins.Message));
        Receive<ProblemsProtocol.Ends>(ends => End(ends.Kind));
        Receive<ProblemsProtocol.LoginSeen>(OnLogin);
        Receive<ProblemsProtocol.TurnWaits>(OnWaits);
        Receive<ProblemsProtocol.TurnStarted>(started => OnWaitOver(started.TurnId));
        Receive<ProblemsProtocol.TurnEnded>(OnEnded);
        Receive<OldestIsDue>(_ => LookAtOldest());
        Receive<ProblemsProtocol.GetProblems>(_ =>
            Sender.Tell(new ProblemsProtocol.Standing([.. ProblemKinds.All.Where(_standing.ContainsKey).Select(kind => _standing[kind])]))
        );
    }

    /// <inheritdoc/>
    public ITimerScheduler Timers { get; set; } = null!;

    /// <summary>The props of the actor.</summary>
    /// <param name="settings">When something counts as a problem.</param>
    /// <param name="time">The clock.</param>
    public static Props Props(ProblemSettings settings, TimeProvider time) =>
        Akka.Actor.Props.Create(() => new ProblemsActor(settings, time));

    private void Begin(ProblemKind kind, string message)
    {
        if (_standing.TryGetValue(kind, out var known))
        {
            _standing[kind] = known with { Message = message };
            return;
        }

        _standing.Add(kind, new StandingProblem(kind, message, _time.GetUtcNow()));
        _log.Warning("problem {Code} begins: {Message} {Remedy}", kind.Code, message, kind.Remedy);
    }

    private void End(ProblemKind kind)
    {
        if (_standing.Remove(kind, out var known))
        {
            _log.Warning("problem {Code} is over, it began at {Since:u}: {Message}", kind.Code, known.Since, known.Message);
        }
    }

    // Codex's files know nothing of a login that a model's server refused.
    private void OnLogin(ProblemsProtocol.LoginSeen login)
    {
        if (login.Missing is { } missing)
        {
            _isLoginMissing = true;
            Begin(ProblemKinds.LoginRefused, $"No turn is accepted: {missing}.");
        }
        else if (_isLoginMissing)
        {
            _isLoginMissing = false;
            End(ProblemKinds.LoginRefused);
        }
    }

    private void OnWaits(ProblemsProtocol.TurnWaits turn)
    {
        _waiting.Add(turn.TurnId, turn.AgentId, turn.AcceptedAt);
        if (!Timers.IsTimerActive(WaitTimer) || _waiting.Oldest!.TurnId == turn.TurnId)
        {
            LookAtOldest();
        }
    }

    private void OnWaitOver(TurnId turn)
    {
        if (_waiting.Oldest?.TurnId == turn)
        {
            _waiting.Remove(turn);
            LookAtOldest();
        }
        else
        {
            _waiting.Remove(turn);
        }
    }

    private void LookAtOldest()
    {
        Timers.Cancel(WaitTimer);
        if (_waiting.Oldest is not { } oldest)
        {
            End(ProblemKinds.TurnWaiting);
            return;
        }

        var left = _settings.MaxWait - (_time.GetUtcNow() - oldest.Since);
        if (left > TimeSpan.Zero)
        {
            End(ProblemKinds.TurnWaiting);
            Timers.StartSingleTimer(WaitTimer, OldestIsDue.Instance, left);
        }
        else
        {
            Begin(
                ProblemKinds.TurnWaiting,
                FormattableString.Invariant($"The turn {oldest.TurnId} of agent {oldest.AgentId} has been waiting since {oldest.Since:u}.")
            );
        }
    }

    private void OnEnded(ProblemsProtocol.TurnEnded turn)
    {
        OnWaitOver(turn.TurnId);
        switch (turn.Outcome)
        {
            case { StopReason: StopReason.EndTurn }:
                OnSuccess();
                break;
            case { StopReason: StopReason.Error or StopReason.Timeout }:
                OnFailure(turn);
                break;
        }
    }

    private void OnSuccess()
    {
        _failures = 0;
        _isLoginMissing = false;
        End(ProblemKinds.LoginRefused);
        End(ProblemKinds.UsageLimitReached);
        End(ProblemKinds.CodexUnusable);
        End(ProblemKinds.TurnsFailing);
    }

    private void OnFailure(ProblemsProtocol.TurnEnded turn)
    {
        var outcome = turn.Outcome;
        if (KindOf(outcome) is { } kind)
        {
            _isLoginMissing &= kind != ProblemKinds.LoginRefused;
            Begin(kind, Sentence(turn));
        }

        if (!OwnFaults.Include(outcome) && ++_failures >= _settings.MaxFailures)
        {
            Begin(ProblemKinds.TurnsFailing, FormattableString.Invariant($"The last {_failures} turns failed. {Sentence(turn)}"));
        }
    }

    private static ProblemKind? KindOf(TurnOutcome outcome) =>
        outcome switch
        {
            { ErrorClass: TurnErrorClass.Authentication } => ProblemKinds.LoginRefused,
            { ErrorClass: TurnErrorClass.UsageLimit } => ProblemKinds.UsageLimitReached,
            { ErrorCode: "codex_unavailable" or "codex_config_unusable" } => ProblemKinds.CodexUnusable,
            _ => null,
        };

    private static string Sentence(ProblemsProtocol.TurnEnded turn) =>
        $"The turn {turn.TurnId} of agent {turn.AgentId} failed with {turn.Outcome.ErrorCode ?? "no code"} "
        + $"({turn.Outcome.ErrorClass?.ToWireName() ?? "no class"}): "
        + ForeignText.Shorten(turn.Outcome.ErrorMessage ?? "");

    private sealed record OldestIsDue
    {
        public static OldestIsDue Instance { get; } = new();
    }
}
