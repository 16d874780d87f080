using Akka.Actor;
using Plexum.Codex.Admission;
using Plexum.Codex.Ledger;
using Plexum.Codex.Logs;
using Plexum.Codex.Processes;
using Plexum.Codex.Recovery;
using Plexum.Codex.Requests;
using Plexum.Codex.Sqlite.Ledger;
using Plexum.Codex.TestSupport.Agents;
using Plexum.Codex.Turns;
using Xunit;

namespace Plexum.Codex.Faults;

public sealed class ManyAgentsSpecs : AgentTestKit
{
    private const int Agents = 200;
    private const int Each = 10;

    public ManyAgentsSpecs()
    {
        Binaries = new CodexBinarySource(Stage.File("gone"), null);
        Ledger = SqliteLedger.OpenAsync(Stage.File("ledger.db"), TimeProvider.System, _ => { }).Result;
        Admission = Sys.ActorOf(AdmissionActor.Props(4));
    }

    [Fact]
    public async Task Two_thousand_turns_that_a_dead_program_left_each_end_once_and_in_the_order_of_their_agent()
    {
        var turns = new Dictionary<AgentId, TurnId[]>();
        var accepting = new List<Task>();
        for (var agent = 0; agent < Agents; agent++)
        {
            var id = AgentId.Parse($"agent-{agent}");
            turns[id] = [.. Enumerable.Range(0, Each).Select(_ => TurnId.New(TimeProvider.System))];
            accepting.AddRange(
                turns[id]
                    .Select(turn =>
                        Ledger.AcceptAsync(turn, new TurnRequest(id, Stage.Workspace, null, [TurnMessage.User("x")]), null, AcceptedAt)
                    )
            );
            Ledger.Started(turns[id][0], AcceptedAt);
        }

        await Task.WhenAll(accepting);
        await Ledger.FlushAsync();
        var ends = CreateTestProbe();
        HearOfEnds(ends.Ref);

        var recovery = Sys.ActorOf(RecoveryActor.Props(Ledger, Registry));
        recovery.Tell(RecoveryProtocol.AwaitDispatch.Instance, TestActor);
        Assert.Equal(new RecoveryProtocol.Dispatched(Agents, Agents * Each), ExpectMsg<RecoveryProtocol.Dispatched>());
        recovery.Tell(RecoveryProtocol.AwaitRecovery.Instance, TestActor);
        Assert.Equal(new RecoveryProtocol.Recovered(0, Agents * Each, 0), ExpectMsg<RecoveryProtocol.Recovered>());

        var ended = ends.ReceiveN(Agents * Each).Cast<TurnNotice.Ended>().ToLookup(end => end.AgentId, end => end.TurnId);
        Assert.All(turns, agent => Assert.Equal(agent.Value, ended[agent.Key]));
        await Ledger.FlushAsync();
        Assert.Empty(await Ledger.UnfinishedAsync(TurnOwner.Local));
        Assert.All(await Ledger.TurnsAsync(new TurnFilter(Limit: Agents * Each)), turn =>
            Assert.Equal("codex_unavailable", turn.ErrorCode)
        );
    }

    private static DateTimeOffset AcceptedAt => TimeProvider.System.GetUtcNow();

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        Ledger.DisposeAsync().AsTask().Wait(Limits.Wait);
    }
}
