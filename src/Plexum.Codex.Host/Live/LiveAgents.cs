using Akka.Actor;
using Plexum.Codex.Agents;
using Plexum.Codex.Host.Daemon;
using Plexum.Codex.Logs;
using Plexum.Codex.Profiles;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Host.Live;

/// <summary>The live view's state of the agents. Only busy agents are queried; the others are shown as they last were.</summary>
/// <param name="daemon">The daemon.</param>
internal sealed class LiveAgents(DaemonContext daemon)
{
    // More than a terminal shows; each costs a query per refresh.
    private const int MaxRows = 40;

    private readonly Dictionary<AgentId, LiveRow> _rows = [];

    /// <summary>Handles the start or end of a turn.</summary>
    public void Note(TurnNotice value)
    {
        if (value is TurnNotice.Started started)
        {
            Begin(started.AgentId, started.TurnId);
        }
    }

    /// <summary>Queries the current state of the agents: busy ones first, then the most recently busy ones.</summary>
    public async Task<LivePicture> LookAsync()
    {
        var slots = await daemon.Actors.SlotsAsync().ConfigureAwait(false);
        var busy = slots.Held.Concat(slots.Waiting).Distinct().ToArray();
        foreach (var agent in busy.Take(MaxRows).Union(_rows.Values.Where(row => !row.IsIdle).Select(row => row.Agent)).ToArray())
        {
            await AskAsync(agent).ConfigureAwait(false);
        }

        var rows = _rows
            .Values.OrderBy(row => row.IsIdle)
            .ThenBy(row => row.IsIdle ? -row.Since.UtcTicks : row.Since.UtcTicks)
            .Take(MaxRows)
            .ToArray();
        foreach (var gone in _rows.Values.Except(rows).Where(row => row.IsIdle).ToArray())
        {
            _rows.Remove(gone.Agent);
        }

        return new LivePicture(
            slots.Limit,
            slots.Held.Length,
            slots.Waiting.Length,
            rows,
            Math.Max(0, busy.Length - rows.Count(row => !row.IsIdle))
        );
    }

    private async Task AskAsync(AgentId agent)
    {
        var now = await daemon
            .Registry.Ask<AgentProtocol.AgentSnapshot>(new AgentProtocol.GetAgent(agent), DaemonContext.AnswerLimit)
            .ConfigureAwait(false);
        if (!_rows.TryGetValue(agent, out var row))
        {
            row = new LiveRow(agent)
            {
                Since = daemon.Time.GetUtcNow(),
                Usage = (await daemon.Ledger.FindAgentAsync(agent).ConfigureAwait(false))?.Usage ?? Usage.Zero,
            };
            _rows.Add(agent, row);
        }

        if (now.RunningTurn is { } turn)
        {
            Begin(agent, turn);
        }

        Look(row);
        if (row.Phase != now.Phase && now.Phase is AgentPhase.Idle or AgentPhase.WaitingForSlot)
        {
            row.Since = daemon.Time.GetUtcNow();
        }

        (row.Phase, row.Queued) = (now.Phase, now.QueuedTurns.Length);
    }

    private void Begin(AgentId agent, TurnId turn)
    {
        if (_rows.TryGetValue(agent, out var row) && row.Turn != turn)
        {
            Look(row);
            (row.Turn, row.Glance) = (turn, new LiveGlance(TurnDirectory.Of(new AgentDirectory(daemon.Profile, agent), turn)));
            row.Since = daemon.Time.GetUtcNow();
        }
        else if (row is null && _rows.Count < MaxRows)
        {
            _rows.Add(agent, new LiveRow(agent) { Since = daemon.Time.GetUtcNow(), Phase = AgentPhase.Preparing });
            Begin(agent, turn);
        }
    }

    private static void Look(LiveRow row)
    {
        if (row.Glance is not { End: null } glance)
        {
            return;
        }

        glance.Look();
        row.Since = glance.Began ?? row.Since;
        if (glance.End is { } end)
        {
            row.Usage = new Usage(
                row.Usage.InputTokens + end.Usage.InputTokens,
                row.Usage.OutputTokens + end.Usage.OutputTokens,
                row.Usage.CacheReadTokens + end.Usage.CacheReadTokens,
                row.Usage.ThinkingTokens + end.Usage.ThinkingTokens
            );
        }
    }
}
