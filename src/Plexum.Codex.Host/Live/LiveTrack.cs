using Plexum.Codex.Turns;

namespace Plexum.Codex.Host.Live;

/// <summary>What the live view knows about an agent.</summary>
/// <param name="agent">The agent.</param>
/// <param name="phase">What it is doing.</param>
/// <param name="since">Since when.</param>
internal sealed class LiveTrack(AgentId agent, AgentPhase phase, DateTimeOffset since)
{
    private LiveGlance? _glance;
    private TurnId? _turn;

    public AgentId Agent { get; } = agent;

    public AgentPhase Phase { get; private set; } = phase;

    public DateTimeOffset Since { get; private set; } = since;

    /// <summary>The usage of the agent's ended turns; null until it is read.</summary>
    public Usage? Usage { get; set; }

    public int Queued { get; set; }

    public bool IsIdle => Phase == AgentPhase.Idle;

    /// <summary>A turn of the agent's has started.</summary>
    /// <param name="turn">The turn.</param>
    /// <param name="glance">Its log.</param>
    public void Begin(TurnId turn, Func<LiveGlance> glance)
    {
        if (_turn != turn)
        {
            Look();
            (_turn, _glance) = (turn, glance());
        }
    }

    /// <summary>The agent does something else now.</summary>
    public void Enter(AgentPhase next, DateTimeOffset now)
    {
        if (Phase != next)
        {
            (Phase, Since) = (next, now);
        }
    }

    /// <summary>Reads what is new in the turn's log.</summary>
    public void Look()
    {
        if (_glance is not { End: null } glance)
        {
            return;
        }

        glance.Look();
        if (glance.End is { Usage: var used } && Usage is { } before)
        {
            Usage = new Usage(
                before.InputTokens + used.InputTokens,
                before.OutputTokens + used.OutputTokens,
                before.CacheReadTokens + used.CacheReadTokens,
                before.ThinkingTokens + used.ThinkingTokens
            );
        }
    }

    /// <summary>What is shown of it.</summary>
    public LiveRow ToRow()
    {
        var row = new LiveRow(Agent, Phase, Since)
        {
            Ended = _glance?.End?.StopReason,
            Queued = Queued,
            Usage = Usage ?? default,
            Last = _glance?.Last ?? "",
        };
        return row.Rank == 0 && _glance?.Began is { } began ? row with { Since = began } : row;
    }
}
