using Plexum.Codex.Ledger;
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
    private TurnId? _uncounted;
    private Usage? _usage;

    public AgentId Agent { get; } = agent;

    public AgentPhase Phase { get; private set; } = phase;

    public DateTimeOffset Since { get; private set; } = since;

    /// <summary>The usage of the agent's ended turns, as the ledger has it; null until it is read.</summary>
    public Usage? Usage
    {
        get => _usage;
        init => _usage = value;
    }

    /// <summary>Whether the ledger did not have the end of the agent's last turn yet.</summary>
    public bool IsBehind => _uncounted is not null;

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
            _uncounted = _turn ?? _uncounted;
            (_turn, _glance) = (turn, glance());
        }
    }

    /// <summary>No turn of the agent's is running.</summary>
    public void Rest()
    {
        Look();
        (_uncounted, _turn) = (_turn ?? _uncounted, null);
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
        if (_glance is { End: null } glance)
        {
            glance.Look();
        }
    }

    /// <summary>
    /// Reads the usage, unless it is known. The ledger has a turn's end a little later than the turn's log does, and after a full disk much
    /// later; until then the last turn's usage is missing and this is to be called again.
    /// </summary>
    public async Task CountAsync(ITurnLedger ledger)
    {
        ArgumentNullException.ThrowIfNull(ledger);
        var isWritten =
            _uncounted is { } turn && await ledger.FindTurnAsync(turn).ConfigureAwait(false) is null or { State: TurnState.Ended };
        if (isWritten || _usage is null)
        {
            _usage = (await ledger.FindAgentAsync(Agent).ConfigureAwait(false))?.Usage ?? default(Usage);
        }

        _uncounted = isWritten ? null : _uncounted;
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
