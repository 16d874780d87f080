using Akka.Actor;
using Plexum.Codex.Agents;
using Plexum.Codex.Host.Daemon;
using Plexum.Codex.Logs;
using Plexum.Codex.Profiles;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Host.Live;

/// <summary>
/// The live view's state of the agents. Only agents at work, and as many of the waiting ones as fit into the terminal, are queried; the
/// others are shown as the ledger or the last query has them.
/// </summary>
/// <param name="daemon">The daemon.</param>
internal sealed class LiveAgents(DaemonContext daemon)
{
    // More than any terminal shows, and few enough to sort twice a second.
    private const int MaxAgents = 1000;

    private readonly Dictionary<AgentId, LiveTrack> _tracks = [];
    private bool _isLoaded;
    private bool _isPartial;

    /// <summary>Handles the start or end of a turn.</summary>
    public void Note(TurnNotice value)
    {
        if (value is TurnNotice.Started started)
        {
            var track = Track(started.AgentId, AgentPhase.Preparing);
            track.Enter(track.IsIdle ? AgentPhase.Preparing : track.Phase, daemon.Time.GetUtcNow());
            Begin(track, started.TurnId);
        }
    }

    /// <summary>Queries the current state of the agents.</summary>
    /// <param name="room">How many agents can be shown.</param>
    public async Task<LivePicture> LookAsync(int room)
    {
        await LoadAsync().ConfigureAwait(false);
        var slots = await daemon.Actors.SlotsAsync().ConfigureAwait(false);
        var held = slots.Held.ToHashSet();
        var waiting = slots.Waiting.Where(agent => !held.Contains(agent)).Distinct().ToArray();
        foreach (var agent in waiting)
        {
            Track(agent, AgentPhase.WaitingForSlot).Enter(AgentPhase.WaitingForSlot, daemon.Time.GetUtcNow());
        }

        // Those that neither have a slot nor wait for one have just ended their turns, or wait for their threads.
        var others = _tracks.Values.Where(track => !track.IsIdle).Select(track => track.Agent).Except(waiting).ToArray();
        foreach (var agent in held.Union(others).Concat(waiting.Take(room)))
        {
            await AskAsync(agent).ConfigureAwait(false);
        }

        foreach (var track in _tracks.Values.Where(track => track is { IsIdle: true, IsBehind: true }))
        {
            await track.CountAsync(daemon.Ledger).ConfigureAwait(false);
        }

        Trim();
        var first = waiting.Select(agent => _tracks[agent]).ToArray();
        return new LivePicture(
            slots.Limit,
            slots.Held.Length,
            slots.Waiting.Length,
            [.. first.Concat(_tracks.Values.Except(first)).Select(track => track.ToRow())]
        )
        {
            IsPartial = _isPartial,
            IsBehind = _tracks.Values.Any(track => track.IsBehind),
            Problems = await daemon.Actors.ProblemsAsync().ConfigureAwait(false),
        };
    }

    private async Task LoadAsync()
    {
        if (_isLoaded)
        {
            return;
        }

        var agents = await daemon.Ledger.AgentsAsync(null, MaxAgents + 1).ConfigureAwait(false);
        foreach (var entry in agents.Take(MaxAgents))
        {
            _tracks.TryAdd(entry.AgentId, new LiveTrack(entry.AgentId, AgentPhase.Idle, entry.LastSeenAt) { Usage = entry.Usage });
        }

        (_isLoaded, _isPartial) = (true, agents.Length > MaxAgents);
    }

    private async Task AskAsync(AgentId agent)
    {
        var now = await daemon
            .Registry.Ask<AgentProtocol.AgentSnapshot>(new AgentProtocol.GetAgent(agent), DaemonContext.AnswerLimit)
            .ConfigureAwait(false);
        var track = Track(agent, now.Phase);
        if (now.RunningTurn is { } turn)
        {
            Begin(track, turn);
            track.Look();
        }
        else
        {
            track.Rest();
        }

        await track.CountAsync(daemon.Ledger).ConfigureAwait(false);
        track.Enter(now.Phase, daemon.Time.GetUtcNow());
        track.Queued = now.QueuedTurns.Length;
    }

    private LiveTrack Track(AgentId agent, AgentPhase phase)
    {
        if (!_tracks.TryGetValue(agent, out var track))
        {
            _tracks.Add(agent, track = new LiveTrack(agent, phase, daemon.Time.GetUtcNow()));
        }

        return track;
    }

    private void Begin(LiveTrack track, TurnId turn) =>
        track.Begin(turn, () => new LiveGlance(TurnDirectory.Of(new AgentDirectory(daemon.Profile, track.Agent), turn)));

    private void Trim()
    {
        var excess = _tracks.Count - MaxAgents;
        if (excess <= 0)
        {
            return;
        }

        _isPartial = true;
        foreach (var old in _tracks.Values.Where(track => track.IsIdle).OrderBy(track => track.Since).Take(excess).ToArray())
        {
            _tracks.Remove(old.Agent);
        }
    }
}
