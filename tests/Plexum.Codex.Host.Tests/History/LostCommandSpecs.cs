using System.Text.Json.Nodes;
using Plexum.Codex.Client;
using Plexum.Codex.Host.Owners;
using Plexum.Codex.Host.Rendering;
using Plexum.Codex.Ledger;
using Plexum.Codex.Processes;
using Plexum.Codex.Requests;
using Plexum.Codex.Sqlite.Ledger;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Host.History;

/// <summary>A command that ran its own turn was killed.</summary>
public sealed class LostCommandSpecs : IDisposable
{
    private readonly HostStage _stage = new();

    public void Dispose() => _stage.Dispose();

    [Fact]
    public async Task Without_a_daemon_its_turn_is_shown_as_lost_and_one_whose_command_lives_as_running()
    {
        using var directory = new TemporaryDirectory();
        var own = ProcessIdentity.Read(Environment.ProcessId)!;
        var living = await RunAsync(directory, own);
        var lost = await RunAsync(directory, own with { StartedAt = own.StartedAt + 1 });
        var ledger = await SqliteLedger.JoinAsync(directory.File("ledger.db"), TimeProvider.System, _ => { }, TurnOwner.Local);
        using var answers = new DaemonClient(
            new LedgerAnswers(ledger, directory.Root, TimeProvider.System),
            directory.File("none.sock"),
            TimeProvider.System
        );

        var turns = (await answers.TurnsAsync(null, null, 10)).Turns;

        Assert.Equal(
            [(lost.Value, "lost", (string?)"command_lost"), (living.Value, "running", (string?)null)],
            turns.Select(turn => (turn.TurnId, TurnTexts.State(turn), turn.Error?.Code))
        );
        Assert.Equal("command_lost", (await answers.TurnAsync(lost)).Error!.Code);
        await ledger.DisposeAsync();
    }

    [Fact]
    public async Task While_a_daemon_runs_its_turn_is_taken_over_and_before_that_a_cancel_names_the_command()
    {
        _stage.Script("touch " + _stage.File("runs"), "wait " + _stage.File("go"), "thread", "turn", "say ${prompt}", "completed 1 1");
        using var say = _stage.Start("say", "--agent", "alice", "one");
        await _stage.AppearsAsync("runs");
        await using var daemon = await _stage.StartDaemonAsync();
        var turn = (string)(await daemon.Api.JsonAsync("/v1/turns"))["turns"]![0]!["turn_id"]!;

        var refused = await daemon.Api.PostAsync($"/v1/turns/{turn}/cancel", new JsonObject { ["force"] = false });
        Assert.Equal((409, "turn_of_command"), (refused.Status, (string)refused.Json["code"]!));
        Assert.Contains(FormattableString.Invariant($"kill -INT {say.Id}"), (string)refused.Json["detail"]!, StringComparison.Ordinal);
        say.Signal(ProcessSignal.Kill);
        await say.EndsAsync();
        _stage.Touch("go");

        Assert.Equal("end_turn", (string)(await daemon.Api.EndedAsync(turn))["stop_reason"]!);
        Assert.Equal("end_turn", (await daemon.Api.EventsAsync(turn)).StopReason());
    }

    private static async Task<TurnId> RunAsync(TemporaryDirectory directory, ProcessIdentity owner)
    {
        await using var ledger = await SqliteLedger.JoinAsync(
            directory.File("ledger.db"),
            TimeProvider.System,
            _ => { },
            CommandOwner.NameOf(owner)
        );
        var turn = TurnId.New(TimeProvider.System);
        var request = new TurnRequest(AgentId.Parse("alice"), "/w", null, [TurnMessage.User("hello")]);
        await ledger.AcceptAsync(turn, request, null, DateTimeOffset.UnixEpoch);
        ledger.Started(turn, DateTimeOffset.UnixEpoch);
        await ledger.FlushAsync();
        return turn;
    }
}
