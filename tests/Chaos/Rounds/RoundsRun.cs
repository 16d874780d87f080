using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using Plexum.Codex.Options;
using Plexum.Codex.Profiles;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Chaos.Rounds;

/// <summary>
/// Kills the daemon, codex's app-server or both in a chosen moment of a turn, again and again, and looks after each kill at what became of
/// all turns, at what they left, and at the next turn of each agent.
/// </summary>
public sealed class RoundsRun
{
    // Each kill of the server doubles the pause before its next start.
    private static readonly string[] Settings = ["codex.app-server.longest-back-off=400ms"];

    private const int LogLines = 40;

    private readonly RoundsOptions _options;
    private readonly IRoundsCodex _codex;
    private readonly Action<string> _tell;
    private readonly DaemonProcess _daemon;
    private readonly Surroundings _around;
    private readonly List<string> _faults = [];
    private readonly Dictionary<string, string> _threads = [];
    private readonly Dictionary<string, List<RoundTurn>> _history = [];
    private readonly ConcurrentBag<RoundTurn> _begun = [];
    private int _turns;
    private int _lost;

    private RoundsRun(RoundsOptions options, IRoundsCodex codex, DaemonProcess daemon, Surroundings around, Action<string> tell)
    {
        (_options, _codex, _daemon, _around, _tell) = (options, codex, daemon, around, tell);
    }

    /// <summary>Runs it.</summary>
    /// <param name="options">The size.</param>
    /// <param name="codex">The codex, whose home is in <paramref name="place"/>.</param>
    /// <param name="place">A directory of its own.</param>
    /// <param name="tell">Gets a line for each round.</param>
    public static async Task<RoundsReport> RunAsync(RoundsOptions options, IRoundsCodex codex, string place, Action<string> tell)
    {
        var profile = Directory.CreateDirectory(Path.Combine(place, "profile")).FullName;
        var around = new Surroundings(place, profile, codex.Home);
        try
        {
            await using var daemon = new DaemonProcess(profile, () => codex.Environment(profile)) { Settings = Settings };
            return await new RoundsRun(options, codex, daemon, around, tell).RunAsync();
        }
        finally
        {
            await Surroundings.KillAsync(around.Servers);
        }
    }

    private async Task<RoundsReport> RunAsync()
    {
        await _daemon.StartAsync();
        var rounds = 0;
        foreach (var plan in RoundPlan.Draw(_options, _codex.Moments.Where(Suits)))
        {
            rounds++;
            var known = _faults.Count;
            var clock = Stopwatch.StartNew();
            var isOver = await RoundAsync(plan);
            _tell(string.Create(CultureInfo.InvariantCulture, $"{plan}; {_turns} turns, {_lost} lost, {clock.Elapsed.TotalSeconds:0.0} s"));
            _faults.Skip(known).ToList().ForEach(fault => _tell($"     {fault}"));
            if (!isOver)
            {
                // What hangs would spoil all that follows.
                return new RoundsReport(rounds, _turns, _lost, _faults);
            }
        }

        await _daemon.StopAsync();
        await AwaitNothingLeftAsync("after the end", null);
        _faults.AddRange(_codex.Complaints);
        return new RoundsReport(rounds, _turns, _lost, _faults);
    }

    // Codex exec asks nothing, and without an app-server none can be killed.
    private bool Suits(KillMoment moment) =>
        _options.Backend == BackendKind.AppServer
        || moment is KillMoment.Writing or KillMoment.Command or KillMoment.Tool or KillMoment.Ending or KillMoment.Between;

    /// <returns>Whether every turn has ended.</returns>
    private async Task<bool> RoundAsync(RoundPlan plan)
    {
        using var limit = new CancellationTokenSource(_options.Limit);
        var turns = new List<RoundTurn>();
        try
        {
            await PrepareAsync(plan, limit.Token);
            await BringAsync(plan, turns, limit.Token);
            await KillAsync(plan, turns, limit.Token);
            await Task.WhenAll(turns.Select(turn => turn.EndAsync()));
            foreach (var turn in turns)
            {
                await CheckAsync(turn, MayBeLost(plan, turn), limit.Token);
            }

            var next = await Task.WhenAll(plan.Turns.Select(turn => SayAsync(plan, turn.Agent, turn.Next, "next", limit.Token)));
            next.ToList().ForEach(CheckHistory);
            await AwaitNothingLeftAsync($"round {plan.Number}", _daemon.Id);
            return true;
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested)
        {
            var open = _begun.Where(turn => !turn.Read.IsCompletedSuccessfully).Select(turn => $"{turn.Name} ({turn.Id})");
            _faults.Add(
                $"round {plan.Number}: not everything ended within {_options.Limit}: {string.Join(", ", open)}. The daemon's log ends:\n"
                    + string.Join('\n', LogOfDaemon().TakeLast(LogLines))
            );
            return false;
        }
    }

    // A server that stood still before it loaded the thread has not begun the turn.
    private static bool MayBeLost(RoundPlan plan, RoundTurn turn) =>
        plan.Victim.HasFlag(Victim.Server)
        && turn.Plan.Backend == BackendKind.AppServer
        && !(plan.Moment == KillMoment.Opening && turn.Plan == plan.Target);

    private async Task PrepareAsync(RoundPlan plan, CancellationToken cancellationToken)
    {
        switch (plan.Moment)
        {
            case KillMoment.Starting:
                await Surroundings.KillAsync(_around.Servers);
                break;
            case KillMoment.Unloading:
                await SayAsync(plan, plan.Target.Agent, BackendKind.AppServer, "before", cancellationToken);
                break;
            case KillMoment.Opening or KillMoment.Begun when _around.Servers.Count == 0:
                await SayAsync(plan, "dan", BackendKind.AppServer, "before", cancellationToken);
                break;
        }
    }

    // Brings the others into the middle of their work, and the turn that is aimed at to its moment.
    private async Task BringAsync(RoundPlan plan, List<RoundTurn> turns, CancellationToken cancellationToken)
    {
        turns.AddRange(await Task.WhenAll(plan.Others.Select(turn => BeginAsync(plan, turn, "killed", cancellationToken))));
        if (plan.Moment != KillMoment.Starting)
        {
            await Task.WhenAll(turns.Select(turn => turn.MidwayAsync(cancellationToken)));
        }

        var servers = _around.Servers;
        if (plan.Moment == KillMoment.Opening)
        {
            Freeze(servers);
        }

        var target = await BeginAsync(plan, plan.Target, "killed", cancellationToken);
        turns.Add(target);
        switch (plan.Moment)
        {
            case KillMoment.Starting:
                await SeeAsync(target, () => _around.Servers.Count > 0, cancellationToken);
                break;
            case KillMoment.Opening:
                await SeeAsync(target, () => Directory.Exists(FilesOf(target).Root), cancellationToken);
                break;
            case KillMoment.Begun:
                SpinWait.SpinUntil(() => target.Read.IsCompleted || File.Exists(FilesOf(target).RecordFile), _options.Limit);
                Freeze(servers);
                break;
            case KillMoment.Unloading:
                SpinWait.SpinUntil(() => target.Read.IsCompleted || _around.Unloads, _options.Limit);
                break;
            case KillMoment.Between:
                await target.Read;
                break;
            default:
                await target.MidwayAsync(cancellationToken);
                break;
        }

        await Task.Delay(plan.Delay, cancellationToken);
    }

    private async Task KillAsync(RoundPlan plan, List<RoundTurn> turns, CancellationToken cancellationToken)
    {
        var servers = plan.Victim.HasFlag(Victim.Server) ? _around.Servers : [];
        if (plan is { Victim: Victim.Both, DaemonFirst: true })
        {
            await _daemon.KillAsync();
            await Surroundings.KillAsync(servers);
        }
        else if (plan.Victim.HasFlag(Victim.Server))
        {
            await Surroundings.KillAsync(servers);
        }

        var thawing = ThawAsync(plan, cancellationToken);
        if (plan.Victim.HasFlag(Victim.Daemon))
        {
            await RestartAsync(plan, turns, cancellationToken);
        }

        turns.ForEach(turn => turn.LetGo());
        await thawing;
    }

    private async Task RestartAsync(RoundPlan plan, List<RoundTurn> turns, CancellationToken cancellationToken)
    {
        if (!(plan is { Victim: Victim.Both, DaemonFirst: true }))
        {
            await _daemon.KillAsync();
        }

        if (plan.EndsAlone)
        {
            turns.ForEach(turn => turn.LetGo());
        }

        _daemon.Launch();
        await _daemon.ReadyAsync(cancellationToken);
    }

    private async Task ThawAsync(RoundPlan plan, CancellationToken cancellationToken)
    {
        if (plan.Moment is KillMoment.Opening or KillMoment.Begun && !plan.Victim.HasFlag(Victim.Server))
        {
            await Task.Delay(plan.Thaw, cancellationToken);
            _around.Servers.ToList().ForEach(ProcessProbe.Thaw);
        }
    }

    private async Task<RoundTurn> SayAsync(
        RoundPlan plan,
        string agent,
        BackendKind backend,
        string part,
        CancellationToken cancellationToken
    )
    {
        var turn = await BeginAsync(plan, new TurnPlan(agent, backend, KillMoment.Between) { Next = backend }, part, cancellationToken);
        await turn.EndAsync();
        await CheckAsync(turn, mayBeLost: false, cancellationToken);
        return turn;
    }

    private async Task<RoundTurn> BeginAsync(RoundPlan plan, TurnPlan turn, string part, CancellationToken cancellationToken)
    {
        var name = TurnNames.Of(plan.Number, turn.Agent, part, turn.Kind);
        var begun = await RoundTurn.BeginAsync(_daemon, _codex, turn, name, cancellationToken);
        _begun.Add(begun);
        return begun;
    }

    private async Task CheckAsync(RoundTurn turn, bool mayBeLost, CancellationToken cancellationToken)
    {
        _turns++;
        _lost += turn.Reader.StopReason == "error" ? 1 : 0;
        var later = new TurnReader(_daemon, turn.Plan.Agent, turn.Id, _ => { });
        await later.RunAsync(cancellationToken);
        var recorded = await _daemon.Api.EndedAsync(turn.Id);
        _faults.AddRange(new TurnVerdict(_codex, turn, mayBeLost).Faults(later, recorded));
        CheckThread(turn);
        if (!_history.TryGetValue(turn.Plan.Agent, out var history))
        {
            _history[turn.Plan.Agent] = history = [];
        }

        history.Add(turn);
    }

    // An agent whose first turn was lost before codex kept anything has no thread yet.
    private void CheckThread(RoundTurn turn)
    {
        var (agent, thread) = (turn.Plan.Agent, turn.Reader.Thread);
        if (_threads.TryGetValue(agent, out var known) ? thread != known : thread is null && turn.Reader.StopReason == "end_turn")
        {
            _faults.Add($"{turn.Name} ({turn.Id}): it ran in the thread {thread ?? "none"}, and its agent is in {known ?? "none"}");
        }
        else if (thread is not null && _around.HasRollout(thread))
        {
            _threads[agent] = thread;
        }
    }

    // What ended well is in the thread once, and in its order; what was lost is in it at most once.
    private void CheckHistory(RoundTurn turn)
    {
        if (_codex.ToldOf(turn.Name) is not { } told)
        {
            return;
        }

        var ended = _history[turn.Plan.Agent].Where(past => past.Reader.StopReason == "end_turn").Select(past => past.Name).ToList();
        if (!told.Where(ended.Contains).SequenceEqual(ended) || told.Count != told.Distinct().Count())
        {
            _faults.Add($"{turn.Name} ({turn.Id}): the model was told {string.Join(", ", told)} and not {string.Join(", ", ended)}");
        }
    }

    private IEnumerable<string> LogOfDaemon()
    {
        var log = Path.Combine(_daemon.Profile, "logs", "plexum-codex.log");
        return File.Exists(log) ? File.ReadLines(log) : [];
    }

    private async Task AwaitNothingLeftAsync(string when, int? daemon) =>
        _faults.AddRange((await _around.LeftAfterAsync(daemon, _options.Limit / 2)).Select(what => $"{when}: {what}"));

    private TurnDirectory FilesOf(RoundTurn turn) =>
        TurnDirectory.Of(new AgentDirectory(_daemon.Profile, AgentId.Parse(turn.Plan.Agent)), TurnId.Parse(turn.Id));

    private static void Freeze(IReadOnlyList<int> servers) => servers.ToList().ForEach(ProcessProbe.Freeze);

    private static async Task SeeAsync(RoundTurn turn, Func<bool> isSo, CancellationToken cancellationToken)
    {
        using var looks = new PeriodicTimer(TimeSpan.FromMilliseconds(1));
        while (!turn.Read.IsCompleted && !isSo())
        {
            await looks.WaitForNextTickAsync(cancellationToken);
        }
    }
}
