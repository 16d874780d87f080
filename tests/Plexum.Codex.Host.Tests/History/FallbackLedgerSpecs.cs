using Plexum.Codex.Ledger;
using Plexum.Codex.Requests;
using Plexum.Codex.Sqlite.Ledger;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Host.History;

/// <summary>A command's ledger that opens and then cannot be written.</summary>
public sealed class FallbackLedgerSpecs : IDisposable
{
    private static readonly DateTimeOffset Now = DateTimeOffset.UnixEpoch;
    private static readonly TurnRequest Request = new(AgentId.Parse("alice"), "/w", null, [TurnMessage.User("hello")]);

    private readonly TemporaryDirectory _directory = new();
    private readonly List<string> _warnings = [];

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Turns_are_kept_where_that_is_possible()
    {
        await using var kept = await OpenAsync();
        await using var ledger = new FallbackLedger(kept, _warnings.Add);
        var turn = TurnId.New(TimeProvider.System);

        Assert.True((await ledger.AcceptAsync(turn, Request, null, Now)).IsNew);
        ledger.Ended(turn, TurnOutcome.Of(StopReason.EndTurn, null, Now));
        await ledger.FlushAsync();

        Assert.Equal(TurnState.Ended, (await kept.FindTurnAsync(turn))!.State);
        Assert.Empty(_warnings);
    }

    [Fact]
    public async Task A_turn_that_cannot_be_written_down_runs_all_the_same_and_that_is_told()
    {
        var kept = await OpenAsync();
        await kept.DisposeAsync();
        await using var ledger = new FallbackLedger(kept, _warnings.Add);
        var turns = new[] { TurnId.New(TimeProvider.System), TurnId.New(TimeProvider.System) };

        foreach (var turn in turns)
        {
            Assert.True((await ledger.AcceptAsync(turn, Request, null, Now)).IsNew);
            ledger.Started(turn, Now);
            ledger.Ended(turn, TurnOutcome.Of(StopReason.EndTurn, null, Now));
            await ledger.FlushAsync();
            Assert.Equal(TurnState.Ended, (await ledger.FindTurnAsync(turn))!.State);
        }

        Assert.Single(_warnings);
    }

    private Task<SqliteLedger> OpenAsync() =>
        SqliteLedger.JoinAsync(_directory.File("ledger.db"), TimeProvider.System, _warnings.Add, "command");
}
