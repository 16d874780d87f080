using System.Globalization;
using Plexum.Codex.Host.Configuration;
using Plexum.Codex.Ledger;
using Plexum.Codex.Posix;
using Plexum.Codex.Requests;
using Plexum.Codex.Sqlite.Ledger;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Host.Live;

/// <summary>What a person sees of <c>serve</c> in a real terminal.</summary>
public sealed class ScreenSpecs : IDisposable
{
    private const int Slots = 3;

    private readonly HostStage _stage = new();

    public ScreenSpecs() =>
        _stage.Script("thread", "turn", "begin cargo test", $"wait {_stage.File("go")}", "say all found", "completed 12 3");

    public void Dispose() => _stage.Dispose();

    [TmuxTheory]
    [InlineData(1)]
    [InlineData(20)]
    [InlineData(200)]
    public async Task A_terminal_of_any_size_shows_agents_at_work_then_those_that_wait_then_the_others(int agents)
    {
        await RegisterAsync(agents);
        var (running, waiting) = agents == 1 ? (1, 0) : (Slots, 4);
        using var terminal = Serve(80, 24);
        using var api = await ReadyAsync();
        for (var agent = 1; agent <= running + waiting; agent++)
        {
            await api.SubmitAsync("hello", Name(agents - agent));
        }

        await terminal.ShowsAsync(screen => Shows(screen, 80, 24, agents, running, waiting));
        foreach (var (width, height) in new[] { (120, 40), (200, 60), (20, 5), (80, 24) })
        {
            terminal.Resize(width, height);
            await terminal.ShowsAsync(screen => Shows(screen, width, height, agents, running, waiting));
        }

        terminal.Press("C-c");
        await terminal.EndsAsync(0);
        Assert.True(terminal.IsRestored);
    }

    [TmuxFact]
    public async Task The_clock_moves_and_the_terminal_is_given_back_when_the_view_is_suspended_and_at_the_end()
    {
        using var terminal = Serve(80, 24);
        using var api = await ReadyAsync();
        await api.SubmitAsync("hello");

        var first = await terminal.ShowsAsync(screen => screen.Any(line => line.Contains("$ cargo test", StringComparison.Ordinal)));
        var later = await terminal.ShowsAsync(screen => Row(screen, "alice") is { } row && row != Row(first, "alice"));
        Assert.Equal(first[0], later[0]);

        await SuspendAsync(terminal, (int)(await api.JsonAsync("/v1/status"))["pid"]!);
        await terminal.ShowsAsync(screen => Row(screen, "alice") is not null);

        _stage.Touch("go");
        await terminal.ShowsAsync(screen => Row(screen, "alice") is { } row && row.Contains("done", StringComparison.Ordinal));
        terminal.Press("C-c");
        var end = await terminal.EndsAsync(0);

        Assert.True(terminal.IsRestored);
        Assert.Contains(end, line => line.Contains("no turn is running", StringComparison.Ordinal));
    }

    [TmuxFact]
    public async Task What_is_said_meanwhile_stands_in_the_view_and_below_it_at_the_end()
    {
        File.Delete(Path.Combine(_stage.CodexHome, "auth.json"));
        using var terminal = Serve(80, 24);
        using var api = await ReadyAsync();

        await terminal.ShowsAsync(screen => screen.Any(IsOfLogin) && screen[0].Contains("slots", StringComparison.Ordinal));
        terminal.Press("C-c");

        Assert.Contains(await terminal.EndsAsync(0), IsOfLogin);

        static bool IsOfLogin(string line) => line.Contains("codex is not logged in", StringComparison.Ordinal);
    }

    private static bool Shows(string[] screen, int width, int height, int agents, int running, int waiting)
    {
        var titles = height >= 8 ? 1 : 0;
        var room = height - 2 - titles;
        string[] states = [.. Enumerable.Repeat("running", running), .. Enumerable.Repeat("waiting", waiting), .. Others(agents)];
        states = [.. states.Take(Math.Min(room, agents))];
        string[] rows = [.. screen.Skip(1 + titles).Take(states.Length)];
        return screen.Length <= height
            && screen.All(line => line.Length <= width)
            && screen[0].Contains(width < 80 ? $"{running}/{Slots} run" : $"{running} of {Slots} slots", StringComparison.Ordinal)
            && rows.Length == states.Length
            && rows.Zip(states).All(pair => pair.First.Contains(pair.Second, StringComparison.Ordinal))
            && rows.Select(row => row.Split(' ')[0]).Distinct(StringComparer.Ordinal).Count() == rows.Length
            && (width < 80 || rows.Take(running).All(row => row.EndsWith("  $ cargo test", StringComparison.Ordinal)))
            && (agents <= room || screen[^1].StartsWith($"and {agents - room} more", StringComparison.Ordinal));

        IEnumerable<string> Others(int count) => Enumerable.Repeat("idle", Math.Max(0, count - running - waiting));
    }

    // The terminal is as it was while the process is stopped; then the process goes on.
    private static async Task SuspendAsync(TmuxTerminal terminal, int process)
    {
        const int GoOn = 18;
        terminal.Press("C-z");
        await Limits.UntilAsync(() => File.ReadAllText($"/proc/{process}/stat").Contains(") T ", StringComparison.Ordinal));
        await Limits.UntilAsync(() => terminal.IsRestored);
        Assert.Equal(0, Libc.Kill(process, GoOn));
    }

    private static string? Row(string[] screen, string agent) =>
        screen.FirstOrDefault(line => line.StartsWith(agent + " ", StringComparison.Ordinal));

    private static string Name(int agent) =>
        string.Create(CultureInfo.InvariantCulture, $"reviewer-of-the-department-{agent:d3}-for-pull-requests");

    // Whatever room the machine has, there is no problem to show.
    private static string[] ServeArguments =>
        ["serve", "--set", string.Create(CultureInfo.InvariantCulture, $"turns.max-running={Slots}"), "--set", "problems.min-room=0"];

    private TmuxTerminal Serve(int width, int height) => _stage.StartInTerminal(width, height, ServeArguments);

    private async Task<DaemonApi> ReadyAsync()
    {
        var api = new DaemonApi(Path.Combine(_stage.Profile, "plexum-codex.sock"));
        await Limits.UntilAsync(() => api.IsReadyAsync());
        return api;
    }

    // Agents that have run before cost a row in the ledger each, and no process.
    private async Task RegisterAsync(int agents)
    {
        var profile = new Profile(_stage.Profile);
        profile.Prepare();
        await using var ledger = await SqliteLedger.OpenAsync(profile.LedgerFile, TimeProvider.System, Assert.Fail);
        var at = TimeProvider.System.GetUtcNow().AddHours(-1);
        await Task.WhenAll(Enumerable.Range(0, agents).Select(AcceptAsync)).WithinLimit();
        await ledger.FlushAsync();

        async Task AcceptAsync(int agent)
        {
            var turn = TurnId.New(TimeProvider.System);
            await ledger.AcceptAsync(turn, new TurnRequest(AgentId.Parse(Name(agent)), null, null, [TurnMessage.User("hello")]), null, at);
            ledger.Ended(turn, new TurnOutcome(at, StopReason.EndTurn));
        }
    }
}
