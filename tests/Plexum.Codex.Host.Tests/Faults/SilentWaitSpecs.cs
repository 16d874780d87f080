namespace Plexum.Codex.Host.Faults;

/// <summary>A turn waits for something that codex does not speak of.</summary>
public sealed class SilentWaitSpecs : DaemonProcessTest
{
    private const string Lock =
        "import sqlite3,sys; c=sqlite3.connect(sys.argv[1],isolation_level=None); c.execute('PRAGMA journal_mode=WAL'); "
        + "c.execute('CREATE TABLE t(a)'); c.execute('BEGIN IMMEDIATE'); print('locked',flush=True); sys.stdin.read()";

    [Fact]
    public async Task A_turn_behind_a_lock_in_codex_s_home_and_one_behind_all_slots_say_what_they_wait_for_while_they_do()
    {
        Stage.Script("wait " + Stage.File("go"), "thread", "turn", "say ${prompt}", "completed 1 1");
        using var other = Stage.StartOther("python3", "-c", Lock, Path.Combine(Stage.CodexHome, "state_5.sqlite"));
        await other.PrintsAsync("locked");
        await Daemon.StartAsync("turns.max-running=1", "turns.waiting-notice=5s");
        var first = await Daemon.Api.SubmitAsync("first");
        await Limits.UntilAsync(async () => (string)(await Daemon.Api.TurnAsync(first))["state"]! == "running");
        var second = await Daemon.Api.SubmitAsync("second", "bob");

        var locked = (await Daemon.Api.EventsToAsync(first, "notice"))[^1].Json;
        var behind = (await Daemon.Api.EventsToAsync(second, "notice"))[^1].Json;

        Assert.Equal("waiting", (string)locked["code"]!);
        var expected = $"state_5.sqlite in codex's home is locked by process {other.Id} (";
        Assert.Contains(expected, (string)locked["message"]!, StringComparison.Ordinal);
        Assert.Equal("waiting_for_slot", (string)behind["code"]!);
        Assert.Equal("queued", (string)(await Daemon.Api.TurnAsync(second))["state"]!);
        Stage.Touch("go");
        foreach (var (turn, text) in new[] { (first, "first"), (second, "second") })
        {
            var events = await Daemon.Api.EventsAsync(turn);
            events.AreWhole();
            Assert.Equal([text], events.Texts());
        }

        await other.EndsAsync();
    }
}
