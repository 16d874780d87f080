using Akka.Actor;
using Plexum.Codex.Streams;
using Plexum.Codex.Tools;

namespace Plexum.Codex.Agents;

/// <summary>The turn at hand: what has become of it, and what was asked of it meanwhile.</summary>
internal sealed class ActiveTurn(QueuedTurn queued, PreparedTurn prepared)
{
    public QueuedTurn Queued => queued;

    /// <summary>Its files, lock and log. Whoever works on the turn has them to himself: preparation, codex's output, settlement.</summary>
    public PreparedTurn Prepared => prepared;

    /// <summary>Ends what waits for something during the preparation.</summary>
    public CancellationTokenSource Cancellation { get; } = new();

    /// <summary>The work outside the actor that is under way or was the last; it has the turn's files to itself.</summary>
    public Task Step { get; set; } = Task.CompletedTask;

    /// <summary>The process of codex, while there is one.</summary>
    public IActorRef? Process { get; set; }

    /// <summary>How often codex was started for it.</summary>
    public int Runs { get; set; }

    /// <summary>Why it has to end before codex says so.</summary>
    public TurnEndCause? StopCause { get; set; }

    /// <summary>Whether the end of the rollout is being looked up, before codex is started.</summary>
    public bool Noting { get; set; }

    /// <summary>Whether the host's tools are being made reachable, before codex is started for the first time.</summary>
    public bool OpeningTools { get; set; }

    /// <summary>Whether that was tried.</summary>
    public bool ToolsTried { get; set; }

    /// <summary>What codex is started with to find the host's tools; null when the turn has none or they cannot be reached.</summary>
    public ToolRegistration? Tools { get; set; }

    /// <summary>How codex ended, while the rollout is being read.</summary>
    public TurnEnd? Unread { get; set; }

    /// <summary>How long it has waited for its thread.</summary>
    public TimeSpan WaitedForThread { get; set; }
}
