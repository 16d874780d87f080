using System.Diagnostics;

namespace Plexum.Codex.Host.Faults;

public sealed class LedgerSpecs : DaemonProcessTest
{
    private const int PageBytes = 4096;
    private const byte LeafOfIndex = 10;

    [Fact]
    public async Task A_ledger_that_another_process_locks_refuses_turns_names_it_and_loses_nothing()
    {
        Stage.Script("touch " + Stage.File("ready"), "wait " + Stage.File("go"), "thread", "turn", "say ${prompt}", "completed 1 1");
        await Daemon.StartAsync();
        var running = await Daemon.Api.SubmitAsync("first");
        await Stage.AppearsAsync("ready");
        using var other = Process.Start(
            new ProcessStartInfo(
                "python3",
                [
                    "-c",
                    "import sqlite3,sys; c=sqlite3.connect(sys.argv[1],isolation_level=None); "
                        + "c.execute('BEGIN IMMEDIATE'); print('locked',flush=True); sys.stdin.read()",
                    Path.Combine(Daemon.Profile, "ledger.db"),
                ]
            )
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
            }
        )!;
        Assert.Equal("locked", await other.StandardOutput.ReadLineAsync());

        var refused = await Daemon.Api.TrySubmitAsync("second", "bob", "second");
        Assert.Contains("is locked by process " + other.Id, refused.Problem(503, "ledger_unavailable"), StringComparison.Ordinal);
        Assert.True(refused.Headers.ContainsKey("Retry-After"), refused.ToString());
        Stage.Touch("go");
        await Daemon.Api.UntilAsync("/v1/agents/alice", json => (string)json["state"]! == "idle");
        Assert.Equal("running", (string)(await Daemon.Api.JsonAsync($"/v1/turns/{running}"))["state"]!);
        other.StandardInput.Close();
        await other.WaitForExitAsync();

        await Daemon.Api.EndedAsync(running);
        var second = await Daemon.Api.SubmitAsync("second", "bob", "second");
        Assert.Equal("message_end", (await Daemon.Api.EventsAsync(second))[^1].Type);
        Assert.Equal(["first", "second"], Stage.Turns.Select(call => call.Prompt));
    }

    [Fact]
    public async Task A_ledger_that_was_damaged_between_two_runs_is_saved_and_its_turns_are_taken_up()
    {
        Stage.Script(
            "[prompt go on]",
            "thread",
            "turn",
            "say one",
            "touch " + Stage.File("ready"),
            "wait " + Stage.File("go"),
            "say two",
            "completed 1 1",
            "[else]",
            "thread",
            "turn",
            "say ${prompt}",
            "completed 1 1"
        );
        await Daemon.StartAsync();
        var done = await Daemon.Api.SubmitAsync("before");
        await Daemon.Api.EventsAsync(done);
        var running = await Daemon.Api.SubmitAsync("go on");
        var waiting = await Daemon.Api.SubmitAsync("after");
        await Stage.AppearsAsync("ready");
        await Daemon.StopAsync();
        Damage(Path.Combine(Daemon.Profile, "ledger.db"));
        var damaged = await File.ReadAllBytesAsync(Path.Combine(Daemon.Profile, "ledger.db"));

        await Daemon.StartAsync();
        var kept = Assert.Single(Directory.GetFiles(Daemon.Profile, "ledger.db.bad-*"), file =>
            !file.EndsWith("-wal", StringComparison.Ordinal) && !file.EndsWith("-shm", StringComparison.Ordinal)
        );
        Assert.Equal(damaged, await File.ReadAllBytesAsync(kept));
        Stage.Touch("go");

        Assert.Equal(["one", "two"], (await Daemon.Api.EventsAsync(running)).Texts());
        Assert.Equal(["after"], (await Daemon.Api.EventsAsync(waiting)).Texts());
        Assert.Equal(["before"], (await Daemon.Api.EventsAsync(done)).Texts());
        Assert.Equal(["before", "go on", "after"], Stage.Turns.Select(call => call.Prompt));
        Assert.Equal(3, (int)(await Daemon.Api.JsonAsync("/v1/agents/alice"))["ended"]!);
    }

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
}
