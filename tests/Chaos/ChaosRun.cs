using System.Collections.Concurrent;
using Plexum.Codex.Chaos.Rounds;

namespace Plexum.Codex.Chaos;

/// <summary>
/// Submits turns of many agents, reads them all, and kills the daemon at random moments. What holds afterwards is what the program
/// promises: each acknowledged turn ended once, was run once, and was read without a gap, and when the daemon ends, nothing is left.
/// </summary>
public sealed class ChaosRun
{
    private readonly ChaosOptions _options;
    private readonly IChaosCodex _codex;
    private readonly string _profile;
    private readonly DaemonProcess _daemon;
    private readonly Surroundings _around;
    private readonly ConcurrentBag<string> _faults = [];
    private readonly ConcurrentDictionary<string, List<TurnReader>> _readers = new();
    private readonly Queue<int> _kills;
    private Task _killing = Task.CompletedTask;
    private int _events;

    private ChaosRun(ChaosOptions options, IChaosCodex codex, DaemonProcess daemon, Surroundings around)
    {
        (_options, _codex, _profile, _daemon, _around) = (options, codex, daemon.Profile, daemon, around);
        var random = new Random(options.Seed);
        var all = options.Turns * options.Readers * codex.EventsOfTurn;
        _kills = new Queue<int>(Enumerable.Range(0, options.Kills).Select(_ => random.Next(all * 9 / 10)).Order());
    }

    /// <summary>Runs it.</summary>
    /// <param name="options">The size.</param>
    /// <param name="codex">The codex.</param>
    /// <param name="profile">An empty directory.</param>
    public static async Task<ChaosReport> RunAsync(ChaosOptions options, IChaosCodex codex, string profile)
    {
        var around = new Surroundings(profile, profile, codex.Variables["CODEX_HOME"]);
        try
        {
            await using var daemon = new DaemonProcess(profile, () => codex.Environment(profile)) { Settings = options.Settings };
            return await new ChaosRun(options, codex, daemon, around).RunAsync();
        }
        finally
        {
            // A killed daemon leaves its app-server to the next one, and there is none.
            await Surroundings.KillAsync(around.Servers);
        }
    }

    private async Task<ChaosReport> RunAsync()
    {
        using var limit = new CancellationTokenSource(_options.Limit);
        _daemon.Launch();
        await _daemon.ReadyAsync(limit.Token);
        try
        {
            await Task.WhenAll(Enumerable.Range(0, _options.Agents).Select(agent => AgentAsync(agent, limit.Token)));
            await CheckAsync(limit.Token);
            await _daemon.StopAsync();
            foreach (var left in await _around.LeftAfterAsync(daemon: null, _options.Limit / 2))
            {
                _faults.Add($"after the end: {left}");
            }
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested)
        {
            _faults.Add($"not everything ended within {_options.Limit}: {Open()}");
        }

        var readers = _readers.Values.SelectMany(readers => readers).ToList();
        return new ChaosReport(
            _readers.Count,
            _daemon.Starts - 1,
            _events,
            readers.Sum(reader => reader.Connections),
            [.. _faults, .. readers.SelectMany(reader => reader.Faults)]
        );
    }

    private string NameOf(int agent, int turn) => $"a{agent}-t{turn}-s{_options.Seed}";

    private string Open() =>
        string.Join(", ", _readers.Where(turn => turn.Value.Exists(reader => reader.StopReason is null)).Select(turn => turn.Key).Take(10));

    private async Task AgentAsync(int agent, CancellationToken cancellationToken)
    {
        var reading = new List<Task>();
        for (var turn = 0; turn < _options.Turns / _options.Agents; turn++)
        {
            var id = await BeginAsync($"agent-{agent}", NameOf(agent, turn), cancellationToken);
            var readers = Enumerable
                .Range(0, _options.Readers)
                .Select(_ => new TurnReader(_daemon, $"agent-{agent}", id, _ => OnEvent(cancellationToken)))
                .ToList();
            _readers[id] = readers;
            reading.AddRange(readers.Select(reader => reader.RunAsync(cancellationToken)));
        }

        await Task.WhenAll(reading);
        CheckAgent(agent);
    }

    // A request whose answer was lost is made again with the same key: it gives the same turn.
    private async Task<string> BeginAsync(string agent, string name, CancellationToken cancellationToken)
    {
        while (true)
        {
            await _daemon.UpAsync(cancellationToken);
            try
            {
                var answer = await _daemon.Api.TrySubmitAsync(_codex.PromptOf(name), agent, name, null, cancellationToken);
                if (answer.Status == 202)
                {
                    return (string)answer.Json["turn_id"]!;
                }

                _faults.Add($"{name} was answered with {answer}");
            }
            catch (Exception e) when (e is HttpRequestException or IOException)
            {
                // The daemon has died, with or without the turn.
            }
        }
    }

    private void OnEvent(CancellationToken cancellationToken)
    {
        var events = Interlocked.Increment(ref _events);
        lock (_kills)
        {
            if (!_kills.TryPeek(out var next) || events < next)
            {
                return;
            }

            _kills.Dequeue();
            _killing = KillAfterAsync(_killing, cancellationToken);
        }
    }

    private async Task KillAfterAsync(Task earlier, CancellationToken cancellationToken)
    {
        try
        {
            await earlier;
            await _daemon.RestartAsync(cancellationToken);
        }
        catch (Exception e) when (e is InvalidOperationException or OperationCanceledException)
        {
            _faults.Add($"the daemon did not come back: {e.Message}");
        }
    }

    private void CheckAgent(int agent)
    {
        var session = Path.Combine(_profile, "agents", $"agent-{agent}", "workspace", ".plexum-codex-session");
        var thread = File.Exists(session) ? File.ReadAllText(session) : null;
        var threads = _readers
            .Where(turn => turn.Value[0].Texts.Exists(text => text.Contains($"a{agent}-t", StringComparison.Ordinal)))
            .Select(turn => turn.Value[0].Thread)
            .Distinct()
            .ToList();
        if (threads.Count != 1 || threads[0] != thread)
        {
            _faults.Add(
                $"agent-{agent}: its turns ran in the threads {string.Join(", ", threads)} and its session file says {thread ?? "nothing"}"
            );
        }
    }

    private async Task CheckAsync(CancellationToken cancellationToken)
    {
        await _killing;
        if (_readers.Count != _options.Turns / _options.Agents * _options.Agents)
        {
            _faults.Add($"{_readers.Count} turns were acknowledged");
        }

        var answers = _readers.ToDictionary(turn => turn.Value[0].Texts.FirstOrDefault() ?? turn.Key, turn => turn.Value);
        foreach (
            var name in Enumerable
                .Range(0, _options.Agents)
                .SelectMany(agent => Enumerable.Range(0, _options.Turns / _options.Agents).Select(turn => NameOf(agent, turn)))
        )
        {
            CheckTurn(name, answers);
        }

        await Task.WhenAll(_readers.Keys.Select(turn => AwaitEndedAsync(turn, cancellationToken)));
    }

    // The ledger is written behind the log.
    private async Task AwaitEndedAsync(string turn, CancellationToken cancellationToken)
    {
        using var looks = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        do
        {
            if ((string)(await _daemon.Api.JsonAsync($"/v1/turns/{turn}", cancellationToken))["state"]! == "ended")
            {
                return;
            }
        } while (await looks.WaitForNextTickAsync(cancellationToken));
    }

    private void CheckTurn(string name, Dictionary<string, List<TurnReader>> answers)
    {
        var runs = _codex.RunsOf(name);
        if (runs != 1)
        {
            _faults.Add($"{name} was run {runs} times");
        }

        if (!answers.TryGetValue(_codex.AnswerOf(name)[0], out var readers))
        {
            _faults.Add($"{name} has no answer");
            return;
        }

        foreach (
            var reader in readers.Where(reader => reader.StopReason != "end_turn" || !reader.Texts.SequenceEqual(_codex.AnswerOf(name)))
        )
        {
            _faults.Add(
                $"{name} ended with {reader.StopReason} ({reader.Error?["message"]}) and the texts {string.Join(" | ", reader.Texts)}"
            );
        }
    }
}
