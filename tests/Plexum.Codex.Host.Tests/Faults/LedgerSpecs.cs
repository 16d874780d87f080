using System.Diagnostics;
using System.Text.Json.Nodes;
using Plexum.Codex.Host.Daemon;

namespace Plexum.Codex.Host.Faults;

public sealed class LedgerSpecs : FaultTest
{
    private const int PageBytes = 4096;
    private const byte LeafOfIndex = 10;

    [Fact]
    public async Task A_ledger_that_another_process_locks_refuses_turns_names_it_and_loses_nothing()
    {
        Daemon.Codex.Script("touch " + Daemon.Codex.File("ready"), "wait " + Daemon.Codex.File("go"), "thread", "turn", "say ${prompt}", "completed 1 1");
        await Daemon.StartAsync();
        var running = await Daemon.SubmitAsync("first");
        await Daemon.Codex.AppearsAsync("ready");
        using var other = Process.Start(new ProcessStartInfo("python3", ["-c",
            "import sqlite3,sys; c=sqlite3.connect(sys.argv[1],isolation_level=None); c.execute('BEGIN IMMEDIATE'); print('locked',flush=True); sys.stdin.read()",
            Path.Combine(Daemon.Profile, "ledger.db")])
        {
            RedirectStandardInput = true, RedirectStandardOutput = true,
        })!;
        Assert.Equal("locked", await other.StandardOutput.ReadLineAsync());

        var refused = await Daemon.TrySubmitAsync("second", "bob", "second");
        Assert.Contains("is locked by process " + other.Id, refused.Problem(503, "ledger_unavailable"), StringComparison.Ordinal);
        Assert.True(refused.Headers.ContainsKey("Retry-After"), refused.ToString());
        Daemon.Codex.Touch("go");
        await Daemon.UntilAsync("/v1/agents/alice", json => (string)json["state"]! == "idle");
        Assert.Equal("running", (string)(await Daemon.GetAsync($"/v1/turns/{running}")).Json["state"]!);
        other.StandardInput.Close();
        await other.WaitForExitAsync();

        await Daemon.EndedAsync(running);
        var second = await Daemon.SubmitAsync("second", "bob", "second");
        Assert.Equal("message_end", (await Daemon.EventsAsync(second))[^1].Type);
        Assert.Equal(["first", "second"], Daemon.Turns.Select(call => call.Prompt));
    }

    [Fact]
    public async Task A_ledger_that_was_damaged_between_two_runs_is_saved_and_its_turns_are_taken_up()
    {
        Daemon.Codex.Script(
            "[prompt go on]", "thread", "turn", "say one", "touch " + Daemon.Codex.File("ready"), "wait " + Daemon.Codex.File("go"), "say two", "completed 1 1",
            "[else]", "thread", "turn", "say ${prompt}", "completed 1 1");
        await Daemon.StartAsync();
        var done = await Daemon.SubmitAsync("before");
        await Daemon.EventsAsync(done);
        var running = await Daemon.SubmitAsync("go on");
        var waiting = await Daemon.SubmitAsync("after");
        await Daemon.Codex.AppearsAsync("ready");
        await Daemon.StopAsync();
        Damage(Path.Combine(Daemon.Profile, "ledger.db"));

        await Daemon.StartAsync();
        Assert.Single(Directory.GetFiles(Daemon.Profile, "ledger.db.bad-*"), file => !file.EndsWith("-wal", StringComparison.Ordinal) && !file.EndsWith("-shm", StringComparison.Ordinal));
        Assert.Contains("was damaged", Log(), StringComparison.Ordinal);
        Daemon.Codex.Touch("go");

        Assert.Equal(["one", "two"], Texts(await Daemon.EventsAsync(running)));
        Assert.Equal(["after"], Texts(await Daemon.EventsAsync(waiting)));
        Assert.Equal(["before"], Texts(await Daemon.EventsAsync(done)));
        Assert.Equal(["before", "go on", "after"], Daemon.Turns.Select(call => call.Prompt));
        Assert.Equal(3, (int)(await Daemon.GetAsync("/v1/agents/alice")).Json["ended"]!);
    }

    private static IEnumerable<string> Texts(IEnumerable<SseEvent> events) =>
        events.Where(e => e.Type == "text_delta").Select(e => (string)e.Json["text"]!);

    // The indexes can be made anew from the tables, so nothing is lost with one of their pages.
    private static void Damage(string ledger)
    {
        using var file = File.OpenHandle(ledger, FileMode.Open, FileAccess.ReadWrite);
        var page = new byte[PageBytes];
        for (var at = (long)PageBytes; at < RandomAccess.GetLength(file); at += PageBytes)
        {
            RandomAccess.Read(file, page, at);
            if (page[0] == LeafOfIndex && page[4] > 0)
            {
                RandomAccess.Write(file, Enumerable.Repeat((byte)0xA5, PageBytes).ToArray(), at);
                return;
            }
        }

        Assert.Fail("The ledger of the test has no index.");
    }

    private string Log() => string.Concat(Directory.EnumerateFiles(Path.Combine(Daemon.Profile, "logs")).Select(ReadShared));

    private static string ReadShared(string path)
    {
        using var reader = new StreamReader(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete));
        return reader.ReadToEnd();
    }
}
