using Akka.TestKit;
using Plexum.Codex.Agents;
using Plexum.Codex.Ledger;
using Plexum.Codex.Requests;
using Plexum.Codex.Sqlite.Ledger;
using Plexum.Codex.Turns;
using Xunit;

namespace Plexum.Codex.Recovery;

/// <summary>Turns of processes that are gone, while the daemon runs.</summary>
public sealed class LostTurnsSpecs : Akka.TestKit.Xunit2.TestKit
{
    private const string Gone = "gone";

    private readonly TemporaryDirectory _directory = new();
    private readonly TestProbe _registry;

    public LostTurnsSpecs()
        : base(TestSystem.WithClockAndLog) => _registry = CreateTestProbe();

    private TestClock Clock => (TestClock)Sys.Scheduler;

    [Fact]
    public async Task They_are_taken_over_and_handed_to_their_agents_and_no_others_are()
    {
        await using var ledger = await SqliteLedger.OpenAsync(_directory.File("ledger.db"), TimeProvider.System, _ => { });
        await using var command = await SqliteLedger.JoinAsync(_directory.File("ledger.db"), TimeProvider.System, _ => { }, Gone);
        var own = await AcceptAsync(ledger, "alice");
        var isGone = false;
        Sys.ActorOf(RecoveryActor.Props(ledger, _registry.Ref, () => ledger.TakeOverAsync(owner => isGone && owner == Gone)));
        Assert.Equal([own], Handed());

        var lost = new[] { await AcceptAsync(command, "alice"), await AcceptAsync(command, "alice") };
        Clock.Advance(RecoveryActor.TakeOverEvery);
        Assert.Equal(2, (await ledger.UnfinishedAsync(Gone)).Length);
        isGone = true;

        await UntilHandedAsync();
        Assert.Equal(lost, Handed());
        var later = await AcceptAsync(command, "bob");
        await UntilHandedAsync();
        Assert.Equal([later], Handed());
        Assert.Empty(await ledger.UnfinishedAsync(Gone));
    }

    [Fact]
    public async Task They_are_taken_over_once_that_is_possible()
    {
        await using var ledger = await SqliteLedger.OpenAsync(_directory.File("ledger.db"), TimeProvider.System, _ => { });
        await using var command = await SqliteLedger.JoinAsync(_directory.File("ledger.db"), TimeProvider.System, _ => { }, Gone);
        var lost = await AcceptAsync(command, "alice");
        var attempts = 0;
        Sys.ActorOf(
            RecoveryActor.Props(ledger, _registry.Ref, async () =>
                ++attempts <= 2
                    ? throw new LedgerUnavailableException("The test has it fail.")
                    : await ledger.TakeOverAsync(owner => owner == Gone)
            )
        );

        await UntilHandedAsync();

        Assert.Equal([lost], Handed());
    }

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        _directory.Dispose();
    }

    private static async Task<TurnId> AcceptAsync(SqliteLedger ledger, string agent)
    {
        var turn = TurnId.New(TimeProvider.System);
        var request = new TurnRequest(AgentId.Parse(agent), "/w", null, [TurnMessage.User("hello")]);
        await ledger.AcceptAsync(turn, request, null, TimeProvider.System.GetUtcNow());
        return turn;
    }

    private Task UntilHandedAsync() =>
        Limits.UntilAsync(() =>
        {
            Clock.Advance(RecoveryActor.TakeOverEvery);
            return _registry.HasMessages;
        });

    private IEnumerable<TurnId> Handed() => _registry.ExpectMsg<AgentProtocol.RecoverTurns>().Turns.Select(turn => turn.TurnId);
}
