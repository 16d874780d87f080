using Plexum.Codex.Turns;
using Xunit;

namespace Plexum.Codex.Ledger;

public sealed class InMemoryLedgerSpecs
{
    [Fact]
    public async Task A_turn_is_known_from_its_acceptance_to_the_end_of_the_process()
    {
        await using var ledger = new InMemoryLedger();
        var turn = LedgerStage.Turn(1);
        Assert.True((await ledger.AcceptAsync(turn, LedgerStage.Request(), "key", LedgerStage.Now)).IsNew);
        Assert.Equal(new OpenTurns(1, 0), await ledger.OpenTurnsAsync());
        ledger.Started(turn, LedgerStage.Now);
        Assert.Equal(TurnState.Running, (await ledger.FindTurnAsync(turn))!.State);

        ledger.Ended(turn, new TurnOutcome(LedgerStage.Now, StopReason.Cancelled));
        ledger.Ended(turn, new TurnOutcome(LedgerStage.Now, StopReason.Error, ErrorCode: "late"));
        ledger.Started(turn, LedgerStage.Now);

        var entry = (await ledger.FindTurnAsync(turn))!;
        Assert.Equal((1, TurnState.Ended, StopReason.Cancelled), (entry.Number, entry.State, entry.StopReason!.Value));
        Assert.Null(entry.ErrorCode);
        Assert.Null(await ledger.FindTurnAsync(LedgerStage.Turn(2)));
    }

    [Fact]
    public async Task A_key_names_the_first_turn_of_its_agent()
    {
        await using var ledger = new InMemoryLedger();
        var turn = LedgerStage.Turn(1);
        await ledger.AcceptAsync(turn, LedgerStage.Request(), "key", LedgerStage.Now);

        Assert.Equal(
            new LedgerReceipt(turn, IsNew: false, SameRequest: true, TurnState.Queued),
            await ledger.AcceptAsync(LedgerStage.Turn(2), LedgerStage.Request(), "key", LedgerStage.Now)
        );
        Assert.False((await ledger.FindByKeyAsync(LedgerStage.Request(text: "something else"), "key"))!.SameRequest);
        Assert.Null(await ledger.FindByKeyAsync(LedgerStage.Request("ben"), "key"));
    }
}
