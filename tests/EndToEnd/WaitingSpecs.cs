using Plexum.Codex.Events;
using Plexum.Codex.Options;

namespace Plexum.Codex.EndToEnd;

/// <summary>What a turn waits for before codex begins it.</summary>
public sealed class WaitingSpecs(LoopbackModelFixture model) : IClassFixture<LoopbackModelFixture>
{
    private const string Lock =
        "import sqlite3,sys; c=sqlite3.connect(sys.argv[1],isolation_level=None); c.execute('BEGIN EXCLUSIVE'); "
        + "print('locked',flush=True); sys.stdin.read()";

    [Theory]
    [EachBackend]
    public async Task A_turn_that_waits_for_a_locked_database_says_so_and_ends_well_when_it_is_free(BackendKind backend)
    {
        await using var rig = new CodexRig(model.Server, backend, "turns.waiting-notice=5s");
        (await rig.SayAsync("First.")).Said("First.");
        using var other = ProgramProcess.Start("python3", ["-c", Lock, Path.Combine(rig.CodexHome, "state_5.sqlite")], []);
        await other.PrintsAsync("locked");

        var turn = rig.Begin("Second.");
        var notice = await turn.NoticeAsync(NoticeCodes.Waiting);
        await other.EndsAsync();

        (await turn.EndAsync()).Said("Second.");
        var expected = FormattableString.Invariant($"state_5.sqlite in codex's home is locked by process {other.Id} (");
        Assert.Contains(expected, notice.Message, StringComparison.Ordinal);
    }

    [Theory]
    [EachBackend]
    public async Task A_turn_that_waits_for_an_MCP_server_names_it(BackendKind backend)
    {
        await using var rig = new CodexRig(model.Server, backend, "turns.waiting-notice=5s");
        await File.AppendAllTextAsync(
            Path.Combine(rig.CodexHome, "config.toml"),
            "\n[mcp_servers.silent]\ncommand = \"/bin/sleep\"\nargs = [\"1000\"]\nrequired = true\n"
        );

        var turn = rig.Begin("First.");
        var notice = await turn.NoticeAsync(NoticeCodes.Waiting);
        turn.Cancel(force: true);
        await turn.EndAsync();

        Assert.Contains("(sleep)", notice.Message, StringComparison.Ordinal);
    }
}
