using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Plexum.Codex.Client;
using Plexum.Codex.Events;
using Plexum.Codex.Files;
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
        var living = await RunAsync(directory.File("ledger.db"), own);
        var lost = await RunAsync(directory.File("ledger.db"), own with { StartedAt = own.StartedAt + 1 });
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
    public async Task An_end_that_only_the_turn_s_log_has_is_written_into_the_ledger_by_the_next_command()
    {
        using var profile = new ProfileOfTest();
        using var directory = new TemporaryDirectory();
        var own = ProcessIdentity.Read(Environment.ProcessId)!;
        var (alice, root) = (AgentId.Parse("alice"), profile.Profile.Root);
        var lost = await RunAsync(profile.Profile.LedgerFile, own with { StartedAt = own.StartedAt + 1 });
        var living = await RunAsync(profile.Profile.LedgerFile, own);
        foreach (var turn in new[] { lost, living })
        {
            using var log = await new FileTurnLogStore(root, TimeProvider.System).OpenAsync(alice, turn, isNew: true);
            log.Append([
                new CanonicalEvent.MessageStart(turn, alice, false),
                new CanonicalEvent.MessageEnd(StopReason.EndTurn, new Usage(100, 20, 0, 0), Usage.Zero, null, TimeSpan.Zero),
            ]);
        }

        using var history = await ProfileHistory.OpenAsync(profile.Load());

        var turns = (await history.TurnsAsync(null, null, 10)).Turns;
        Assert.Equal(
            [(living.Value, "running", (long?)null), (lost.Value, "done", 100L)],
            turns.Select(turn => (turn.TurnId, TurnTexts.State(turn), turn.Usage?.InputTokens))
        );
        var today = DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime);
        var usage = await history.UsageAsync(alice, today.AddDays(-1), today);
        Assert.Equal(100, usage.Days.Sum(day => day.Usage.InputTokens));
    }

    [Fact]
    public async Task An_end_that_cannot_be_written_yet_is_shown_all_the_same()
    {
        using var directory = new TemporaryDirectory();
        var own = ProcessIdentity.Read(Environment.ProcessId)!;
        var lost = await RunAsync(directory.File("ledger.db"), own with { StartedAt = own.StartedAt + 1 });
        var end = new TurnOutcome(DateTimeOffset.UnixEpoch, StopReason.Error, ErrorCode: "log_unwritable", ErrorMessage: "Full.");
        var ledger = await SqliteLedger.JoinAsync(directory.File("ledger.db"), TimeProvider.System, _ => { }, TurnOwner.Local);
        using var answers = new DaemonClient(
            new LedgerAnswers(ledger, directory.Root, TimeProvider.System)
            {
                Ends = ImmutableDictionary<TurnId, TurnOutcome>.Empty.Add(lost, end),
            },
            directory.File("none.sock"),
            TimeProvider.System
        );

        Assert.Equal("log_unwritable", (await answers.TurnAsync(lost)).Error!.Code);
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
        var answer = new JsonObject { ["decision"] = "accept" };
        var unanswered = await daemon.Api.PostAsync($"/v1/turns/{turn}/approvals/q-00000000", answer);
        Assert.Equal((409, "turn_of_command"), (unanswered.Status, (string)unanswered.Json["code"]!));
        say.Signal(ProcessSignal.Kill);
        await say.EndsAsync();
        _stage.Touch("go");

        Assert.Equal("end_turn", (string)(await daemon.Api.EndedAsync(turn))["stop_reason"]!);
        Assert.Equal("end_turn", (await daemon.Api.EventsAsync(turn)).StopReason());
    }

    private static async Task<TurnId> RunAsync(string file, ProcessIdentity owner)
    {
        await using var ledger = await SqliteLedger.JoinAsync(file, TimeProvider.System, _ => { }, CommandOwner.NameOf(owner));
        var turn = TurnId.New(TimeProvider.System);
        var request = new TurnRequest(AgentId.Parse("alice"), "/w", null, [TurnMessage.User("hello")]);
        await ledger.AcceptAsync(turn, request, null, DateTimeOffset.UnixEpoch);
        ledger.Started(turn, DateTimeOffset.UnixEpoch);
        await ledger.FlushAsync();
        return turn;
    }
}
