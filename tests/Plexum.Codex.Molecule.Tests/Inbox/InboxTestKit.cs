using Akka.Actor;
using Akka.TestKit;
using Plexum.Codex.Files;
using Plexum.Codex.Gateway;
using Plexum.Codex.Inbox;
using Plexum.Codex.Molecule.Platform;
using Plexum.Codex.Molecule.Rules;
using Plexum.Codex.Recovery;
using Plexum.Codex.Sqlite;
using Plexum.Codex.Sqlite.Inbox;
using Plexum.Codex.Sqlite.Ledger;
using Plexum.Codex.TestSupport.Agents;
using Plexum.Codex.Turns;
using Xunit;

namespace Plexum.Codex.Molecule.Inbox;

/// <summary>
/// An inbox on real agents with FakeCodex, a real journal, a platform that stands in for molecule's, and a clock that the test turns.
/// </summary>
public abstract class InboxTestKit : AgentTestKit
{
    protected const string Own = "w-own";

    private SqliteLedger _ledger;
    private IActorRef? _inbox;
    private int _submissions;

    protected InboxTestKit() => Ledger = _ledger = Open();

    internal PlatformStandIn Platform { get; } = new();

    /// <summary>The journal of the program that runs.</summary>
    internal StoppingJournal Journal { get; private set; } = null!;

    /// <summary>To be changed before the inbox is started.</summary>
    protected InboxSettings InboxSettings { get; set; } = new();

    /// <summary>To be changed before the inbox is started.</summary>
    protected TimeProvider InboxTime { get; set; } = TimeProvider.System;

    /// <summary>To be changed before the inbox is started.</summary>
    protected Func<double> Random { get; set; } = () => 0;

    /// <summary>Whether turns are accepted.</summary>
    protected GatewayState State { get; set; } = GatewayState.Open;

    /// <summary>How often a submission found that out.</summary>
    protected int Submissions => Volatile.Read(ref _submissions);

    protected IActorRef Inbox => _inbox ??= StartInbox();

    protected static AgentId CanvasConversation { get; } = InboxDispatch.CanvasConversation(Own);

    protected static InboundMessage FromUser(string id, string text = "hello") =>
        new(id, InboundKinds.CanvasUser, "", text, "message/send");

    protected static InboundMessage FromPeer(string id, string peer = "p1", string text = "hello") =>
        new(id, InboundKinds.PeerAgent, peer, text, "message/send");

    protected static AgentId PeerConversation(string peer) => InboxDispatch.PeerConversation(peer, Own);

    protected IActorRef StartInbox(string? stopAt = null) => _inbox = Sys.ActorOf(InboxActor.Props(NewInbox(stopAt)));

    protected InboxServices NewInbox(string? stopAt = null)
    {
        Journal = new StoppingJournal(new SqliteInboxJournal(_ledger.Store, Own)) { StopAt = stopAt };
        var gateway = new TurnGateway(
            new GatewayServices(Registry, ProfileRoot, _ledger, new FileTurnLogStore(ProfileRoot, InboxTime), Notifier, InboxTime)
            {
                Workspaces = Services.Workspaces,
                State = () =>
                {
                    Interlocked.Increment(ref _submissions);
                    return State;
                },
            }
        );
        return new InboxServices(Own, Platform.Connect(), Journal, gateway, ProfileRoot, InboxSettings, InboxTime) { Random = Random };
    }

    /// <summary>Ends the program as a death would, as far as actors go, and starts the next one on the same files.</summary>
    protected void Restart()
    {
        Stop();
        _ledger.DisposeAsync().AsTask().Wait(Limits.Wait);
        Ledger = _ledger = Open();
        var recovery = Sys.ActorOf(RecoveryActor.Props(_ledger, Registry));
        var probe = CreateTestProbe();
        recovery.Tell(RecoveryProtocol.AwaitDispatch.Instance, probe.Ref);
        probe.ExpectMsg<RecoveryProtocol.Dispatched>();
        StartInbox();
    }

    protected void Stop()
    {
        if (_inbox is { } inbox)
        {
            Watch(inbox);
            Sys.Stop(inbox);
            ExpectTerminated(inbox);
        }

        LeaveAgents();
    }

    /// <summary>Posts messages and waits until the platform has their replies and nothing is left of them.</summary>
    internal void Answered(params InboundMessage[] messages)
    {
        _ = Inbox;
        Platform.Post(messages);
        AwaitReplies(messages.Length);
        AwaitSettled();
    }

    internal void AwaitReplies(int count) => Eventually(() => Assert.Equal(count, Platform.Replies.Length));

    /// <summary>Waits until every row is popped and the journal knows.</summary>
    internal void AwaitSettled()
    {
        Eventually(() => Assert.Empty(Platform.Rows));
        Eventually(() => Assert.Equal(new InboxCounts(0, 0, 0, 0), Counts()));
    }

    protected InboxProtocol.InboxStatus Status() => Ask<InboxProtocol.InboxStatus>(InboxProtocol.GetStatus.Instance);

    protected InboxCounts Counts() => Status().Counts;

    /// <summary>How many messages the journal knows, once all that it was asked to write is written.</summary>
    protected long KnownMessages()
    {
        Assert.True(_ledger.FlushAsync().Wait(Limits.Wait));
        return _ledger.Store.ReadAsync(connection => (long)LedgerSql.Scalar(connection, "SELECT count(*) FROM inbox")!).Result;
    }

    protected T Ask<T>(object question)
    {
        var probe = CreateTestProbe();
        Inbox.Tell(question, probe.Ref);
        return probe.ExpectMsg<T>();
    }

    /// <summary>Turns the clock on until something is so: timers are set on other threads, so one turn may come too early.</summary>
    protected void AdvanceUntil(TimeSpan step, Action assertion) =>
        Eventually(() =>
        {
            Clock.Advance(step);
            assertion();
        });

    protected string WorkspaceOf(AgentId thread) => Path.Combine(ProfileRoot, InboxSettings.Workspaces, thread.Value);

    protected override void Dispose(bool disposing)
    {
        // Scripts that wait for the test wait for this.
        Stage.Touch("go");
        base.Dispose(disposing);
        _ledger.DisposeAsync().AsTask().Wait(Limits.Wait);
    }

    private SqliteLedger Open() => SqliteLedger.OpenAsync(Stage.File("ledger.db"), TimeProvider.System, _ => { }).Result;
}
