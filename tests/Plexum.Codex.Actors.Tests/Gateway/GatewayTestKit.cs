using System.Collections.Immutable;
using Akka.TestKit;
using Microsoft.Extensions.Time.Testing;
using Plexum.Codex.Events;
using Plexum.Codex.Files;
using Plexum.Codex.Ledger;
using Plexum.Codex.Logs;
using Plexum.Codex.Profiles;
using Plexum.Codex.Requests;
using Plexum.Codex.Retention;
using Plexum.Codex.Turns;
using Xunit;

namespace Plexum.Codex.Gateway;

/// <summary>A gateway on a clock that the test turns. The test plays the agents: it answers for them and writes log and ledger.</summary>
public abstract class GatewayTestKit : Akka.TestKit.Xunit2.TestKit
{
    private readonly TemporaryDirectory _directory = new();
    private readonly List<IDisposable> _open = [];

    protected GatewayTestKit()
        : base(TestSystem.Config)
    {
        Agents = CreateTestProbe();
        Logs = new FileTurnLogStore(_directory.Root, TimeProvider.System);
        Services = new GatewayServices(Agents.Ref, _directory.Root, Ledger, Logs, Notifier, Time)
        {
            Workspaces = new WorkspaceRules(_directory.Root, _directory.File("codex-home"), new WorkspaceSettings()),
            Readers = Readers,
            State = () => State,
        };
        Gateway = new TurnGateway(Services);
    }

    protected static AgentId Alice { get; } = AgentId.Parse("alice");

    /// <summary>Gets what the agents would get.</summary>
    protected TestProbe Agents { get; }

    protected FakeTimeProvider Time { get; } = new();

    protected InMemoryLedger Ledger { get; } = new();

    protected FileTurnLogStore Logs { get; }

    protected InMemoryTurnNotifier Notifier { get; } = new();

    protected TurnReaders Readers { get; } = new();

    protected GatewayState State { get; set; } = GatewayState.Open;

    protected GatewayServices Services { get; }

    protected TurnGateway Gateway { get; }

    protected string Profile => _directory.Root;

    protected static TurnRequest Request(string text = "hello", string? workspace = "/w") =>
        new(Alice, workspace, null, [TurnMessage.User(text)]);

    protected static CanonicalEvent Text(string text) => new CanonicalEvent.TextDelta(text);

    protected static CanonicalEvent End(StopReason reason = StopReason.EndTurn) =>
        new CanonicalEvent.MessageEnd(reason, Usage.Zero, Usage.Zero, null, TimeSpan.Zero);

    /// <summary>A turn that the agent has accepted and that waits.</summary>
    protected async Task<TurnId> AcceptAsync(string text = "hello")
    {
        var turn = TurnId.New(TimeProvider.System);
        await Ledger.AcceptAsync(turn, Request(text), null, Time.GetUtcNow());
        return turn;
    }

    /// <summary>Begins a turn with the events that it has by then.</summary>
    protected async Task<ITurnLogWriter> StartAsync(TurnId turn, params CanonicalEvent[] events)
    {
        var log = await Logs.OpenAsync(Alice, turn, isNew: true);
        _open.Add(log);
        Append(log, events);
        Ledger.Started(turn, Time.GetUtcNow());
        return log;
    }

    protected static void Append(ITurnLogWriter log, params CanonicalEvent[] events)
    {
        if (events.Length > 0)
        {
            log.Append([.. events]);
        }
    }

    /// <summary>A turn that runs, with what its log has and nothing told of it.</summary>
    protected async Task<TurnId> RunningAsync(params CanonicalEvent[] events)
    {
        var turn = await AcceptAsync();
        await StartAsync(turn, events);
        return turn;
    }

    /// <summary>A turn that has ended, by the ledger.</summary>
    protected async Task<TurnId> EndedAsync(TurnOutcome outcome, params CanonicalEvent[] events)
    {
        var turn = await RunningAsync(events);
        Ledger.Ended(turn, outcome);
        return turn;
    }

    protected TurnOutcome Outcome(StopReason reason = StopReason.EndTurn) => new(Time.GetUtcNow(), reason);

    protected TurnOutcome Failed(TurnErrorClass @class = TurnErrorClass.Network) =>
        new(Time.GetUtcNow(), StopReason.Error, ErrorCode: "broken", ErrorClass: @class, ErrorMessage: "It broke.");

    protected async Task<TurnFollower> FollowAsync(TurnId turn, long after = 0, CancellationToken cancellationToken = default) =>
        Assert.IsType<FollowAnswer.Followed>(await Gateway.FollowAsync(turn, after, null, cancellationToken)).Follower;

    /// <summary>The numbers and types of what is in the log from where the follower is.</summary>
    protected static IEnumerable<string> Drain(TurnFollower follower)
    {
        while (follower.TryNext())
        {
            yield return FormattableString.Invariant($"{follower.Log.Seq} {System.Text.Encoding.UTF8.GetString(follower.Log.Type)}");
        }
    }

    /// <summary>The whole of a turn that has ended, or is told to end by another thread.</summary>
    protected async Task<ImmutableArray<string>> ReadAsync(TurnId turn, long after = 0)
    {
        using var limit = new CancellationTokenSource(Limits.Wait);
        var seen = ImmutableArray.CreateBuilder<string>();
        await foreach (var line in Gateway.ReadAsync(turn, after, limit.Token))
        {
            Assert.True(CanonicalJsonReader.TryRead(line.Json, out var seq, out var value));
            Assert.Equal((seq, value is CanonicalEvent.MessageEnd), (line.Seq, line.IsEnd));
            seen.Add(System.Text.Encoding.UTF8.GetString(line.Json.Span));
        }

        return seen.ToImmutable();
    }

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        _open.ForEach(log => log.Dispose());
        _directory.Dispose();
    }
}
