using System.Collections.Immutable;
using Akka.Actor;
using Akka.Event;
using Plexum.Codex.Backend;
using Plexum.Codex.Events;
using Plexum.Codex.Files;
using Plexum.Codex.Ledger;
using Plexum.Codex.Logs;
using Plexum.Codex.Posix;
using Plexum.Codex.Posix.Paths;
using Plexum.Codex.Profiles;
using Plexum.Codex.Requests;
using Xunit;

namespace Plexum.Codex.Turns;

/// <summary>A turn ends and leaves nothing locked or open, whatever fails meanwhile.</summary>
public sealed class TurnHoldSpecs : IDisposable
{
    private static readonly AgentId Alice = AgentId.Parse("alice");
    private static readonly BackendResult Failed = new BackendResult.Failed(BackendFailure.Internal("The test has this turn fail."));

    private static readonly BackendEnd Done = new(
        BackendResult.Completed.Instance,
        ThreadId.Parse("0197c0de-0000-7000-8000-000000000001"),
        new Usage(100, 10, 50, 5),
        new Usage(300, 30, 150, 15)
    );

    private readonly TemporaryDirectory _directory = new();
    private readonly FragileStore _logs;

    public TurnHoldSpecs()
    {
        _logs = new FragileStore(new FileTurnLogStore(_directory.Root, TimeProvider.System));
        Directory.CreateDirectory(Workspace);
    }

    private string Workspace => new AgentDirectory(_directory.Root, Alice).DefaultWorkspace;

    [Fact]
    public async Task A_kill_that_fails_still_ends_the_turn_and_releases_the_lock()
    {
        var hold = NewHold();
        await TurnPreparation.OpenAsync(hold, toWork: true);
        await TurnPreparation.CompleteAsync(hold);
        Assert.NotNull(hold.Run);
        Assert.False(LockIsFree(hold));

        var outcome = await hold.Abandon(Failed).WithinLimit();

        Assert.Equal((StopReason.Error, "host_failure"), (outcome.StopReason, outcome.ErrorCode));
        Assert.NotNull((await _logs.LookAsync(Alice, hold.Turn.TurnId)).End);
        Assert.True(LockIsFree(hold));
    }

    [Fact]
    public async Task A_log_that_cannot_be_opened_does_not_keep_the_lock()
    {
        var hold = NewHold();
        hold.Agent.Create();
        hold.Lock = FileLock.TryAcquire(hold.Agent.LockFile, out _);
        _logs.OpeningFails = true;

        await Assert.ThrowsAsync<IOException>(() => hold.Abandon(Failed).WithinLimit());

        Assert.True(LockIsFree(hold));
    }

    [Fact]
    public async Task A_log_that_cannot_be_read_is_closed()
    {
        var hold = NewHold(isOrphaned: true);
        _logs.LookingFails = true;

        await Assert.ThrowsAsync<IOException>(() => TurnPreparation.OpenAsync(hold, toWork: true).WithinLimit());

        Assert.Equal((1, 1), (_logs.Opened, _logs.Closed));
    }

    [Fact]
    public async Task Nothing_is_run_for_a_turn_that_was_abandoned()
    {
        var hold = NewHold();

        await hold.Abandon(Failed).WithinLimit();

        Assert.Throws<InvalidOperationException>(() => hold.Run);
    }

    [Fact]
    public async Task A_workspace_that_was_swapped_for_another_allowed_one_while_the_turn_waited_is_not_entered()
    {
        var (link, meant, other) = (_directory.File("link"), _directory.File("meant"), _directory.File("other"));
        Directory.CreateDirectory(meant);
        Directory.CreateDirectory(other);
        Directory.CreateSymbolicLink(link, meant);
        var hold = NewHold(named: link);
        Directory.Delete(link);
        Directory.CreateSymbolicLink(link, other);

        await TurnPreparation.OpenAsync(hold, toWork: true);

        var e = await Assert.ThrowsAsync<TurnRefusedException>(() => TurnPreparation.CompleteAsync(hold));
        Assert.Contains(other, e.Message, StringComparison.Ordinal);
        await hold.Abandon(Failed).WithinLimit();
    }

    [Fact]
    public async Task An_end_that_does_not_fit_onto_the_disk_is_an_error_with_the_tokens_that_were_used()
    {
        var hold = NewHold();
        await TurnPreparation.OpenAsync(hold, toWork: true);
        await TurnPreparation.CompleteAsync(hold);
        _logs.Room = 0;

        var e = await Assert.ThrowsAsync<EndNotWrittenException>(() => SettleAsync(hold, Done));

        Assert.Equal((StopReason.Error, "log_unwritable"), (e.Outcome.StopReason, e.Outcome.ErrorCode));
        Assert.Equal((Done.Usage, Done.ThreadUsage, Done.Thread), (e.Outcome.Usage, e.Outcome.ThreadUsage, e.Outcome.ThreadId));
        Assert.Equal("log_unwritable", e.Failure!.Code);
        Assert.Null((await _logs.LookAsync(Alice, hold.Turn.TurnId)).End);
        Assert.True(LockIsFree(hold));
    }

    [Fact]
    public async Task A_cancelled_turn_whose_end_does_not_fit_onto_the_disk_is_cancelled()
    {
        var hold = NewHold();
        await TurnPreparation.OpenAsync(hold, toWork: true);
        await TurnPreparation.CompleteAsync(hold);
        _logs.Room = 0;
        var stopped = Done with { Result = new BackendResult.Stopped(StopCause.Cancelled, HasRun: true) };

        var e = await Assert.ThrowsAsync<EndNotWrittenException>(() => SettleAsync(hold, stopped));

        Assert.Equal((StopReason.Cancelled, (string?)null, Done.Usage), (e.Outcome.StopReason, e.Outcome.ErrorCode, e.Outcome.Usage));
    }

    [Fact]
    public async Task An_error_that_fitted_onto_the_disk_without_the_end_decides_how_the_turn_ends()
    {
        var first = NewHold();
        await TurnPreparation.OpenAsync(first, toWork: true);
        await TurnPreparation.CompleteAsync(first);
        _logs.Room = 1;
        await Assert.ThrowsAsync<EndNotWrittenException>(() => SettleAsync(first, Done with { Result = Failed }));
        _logs.Room = null;

        var next = NewHold(isOrphaned: true, id: first.Turn.TurnId);
        await TurnPreparation.OpenAsync(next, toWork: true);
        var outcome = await SettleAsync(next, Done);

        Assert.Equal((StopReason.Error, "host_failure", Done.Usage), (outcome.StopReason, outcome.ErrorCode, outcome.Usage));
        var logged = await _logs.LookAsync(Alice, first.Turn.TurnId);
        Assert.Equal((StopReason.Error, "host_failure"), (logged.End!.StopReason, logged.Error!.Code));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_turn_whose_time_was_up_stays_one_when_only_its_error_fitted_onto_the_disk(bool hasRun)
    {
        var first = NewHold();
        await TurnPreparation.OpenAsync(first, toWork: true);
        await TurnPreparation.CompleteAsync(first);
        _logs.Room = 1;
        var stopped = Done with { Result = new BackendResult.Stopped(StopCause.TimedOut, hasRun) };
        var told = await Assert.ThrowsAsync<EndNotWrittenException>(() => SettleAsync(first, stopped));
        _logs.Room = null;

        var next = NewHold(isOrphaned: true, id: first.Turn.TurnId);
        await TurnPreparation.OpenAsync(next, toWork: true);
        var outcome = await SettleAsync(next, Done);

        Assert.Equal((StopReason.Timeout, "deadline_exceeded"), (outcome.StopReason, outcome.ErrorCode));
        Assert.Equal((told.Outcome.StopReason, told.Outcome.ErrorMessage), (outcome.StopReason, outcome.ErrorMessage));
        var logged = await _logs.LookAsync(Alice, first.Turn.TurnId);
        Assert.Equal((StopReason.Timeout, outcome.ErrorMessage), (logged.End!.StopReason, logged.Error!.Message));
    }

    [Fact]
    public async Task The_end_that_the_log_has_is_the_turn_s_whatever_is_said_later()
    {
        var first = NewHold();
        await TurnPreparation.OpenAsync(first, toWork: true);
        await TurnPreparation.CompleteAsync(first);
        await SettleAsync(first, Done);

        var next = NewHold(isOrphaned: true, id: first.Turn.TurnId);
        await TurnPreparation.OpenAsync(next, toWork: true);
        var outcome = await SettleAsync(next, Done with { Result = Failed, Usage = Usage.Zero });

        Assert.Equal((StopReason.EndTurn, (string?)null, Done.Usage), (outcome.StopReason, outcome.ErrorCode, outcome.Usage));
    }

    public void Dispose() => _directory.Dispose();

    private static Task<TurnOutcome> SettleAsync(TurnHold hold, BackendEnd end) =>
        hold.Settle(held => TurnSettlement.Settle(held, end)).WithinLimit();

    private TurnHold NewHold(bool isOrphaned = false, string? named = null, TurnId? id = null)
    {
        var minute = TimeSpan.FromMinutes(1);
        var services = new TurnServices(
            _directory.Root,
            minute,
            minute,
            CodexSandbox.None,
            TimeProvider.System,
            new ImmortalBackend(),
            _logs,
            new FileThreadRegister(_directory.Root),
            NoLogger.Instance
        )
        {
            Workspaces = new WorkspaceRules(_directory.Root, _directory.File("codex-home"), new WorkspaceSettings()),
        };
        var request = new TurnRequest(Alice, named ?? Workspace, null, [TurnMessage.User("hi")]);
        var turn = new TurnToRun(id ?? TurnId.New(TimeProvider.System), request, new Prompt("hi", []), null, ActorRefs.Nobody)
        {
            IsOrphaned = isOrphaned,
            Submitter = Submitter.Owner,
            AcceptedAt = RealPath.OfDirectory(named ?? Workspace),
        };
        return new TurnHold(services, turn);
    }

    private static bool LockIsFree(TurnHold hold)
    {
        using var taken = FileLock.TryAcquire(hold.Agent.LockFile, out _);
        return taken is not null;
    }

    /// <summary>Its runs cannot be killed.</summary>
    private sealed class ImmortalBackend : ICodexBackend
    {
        public string Name => "immortal";

        public IBackendRun NewRun(BackendTurn turn) => new ImmortalRun();

        public Task<RecoveredTurn?> FindAsync(BackendTurn turn, bool threadWasLost) => Task.FromResult<RecoveredTurn?>(null);
    }

    private sealed class ImmortalRun : IBackendRun
    {
        public Props PropsOf(IActorRef rollout) => Props.Empty;

        public Task KillAsync() => throw new CodexException("The test has the kill fail.");

        public Task<bool> IsOwnAsync(SocketPeer peer, CancellationToken cancellationToken) => Task.FromResult(false);

        public string? NoteSettled() => null;
    }

    private sealed class FragileStore(ITurnLogStore store) : ITurnLogStore
    {
        public bool OpeningFails { get; set; }

        public bool LookingFails { get; set; }

        /// <summary>How many more events fit onto the disk; null for any number.</summary>
        public int? Room { get; set; }

        public int Opened { get; private set; }

        public int Closed { get; private set; }

        public async Task<ITurnLogWriter> OpenAsync(AgentId agent, TurnId turn, bool isNew)
        {
            if (OpeningFails)
            {
                throw new IOException("The test has the opening fail.");
            }

            Opened++;
            return new CountedWriter(await store.OpenAsync(agent, turn, isNew), this, () => Closed++);
        }

        public ITurnLogReader Read(AgentId agent, TurnId turn, long afterSeq = 0) => store.Read(agent, turn, afterSeq);

        public Task<LoggedTurn> LookAsync(AgentId agent, TurnId turn) =>
            LookingFails ? Task.FromException<LoggedTurn>(new IOException("The test has the look fail.")) : store.LookAsync(agent, turn);

        public Task<TurnLogEnd?> FindEndAsync(AgentId agent, TurnId turn) => store.FindEndAsync(agent, turn);

        public Task CompactAsync(AgentId agent, TurnId turn) => store.CompactAsync(agent, turn);

        public bool Exists(AgentId agent, TurnId turn) => store.Exists(agent, turn);
    }

    private sealed class CountedWriter(ITurnLogWriter writer, FragileStore store, Action closed) : ITurnLogWriter
    {
        public long LastSeq => writer.LastSeq;

        public long Append(ImmutableArray<CanonicalEvent> events)
        {
            if (store.Room is not { } room || events.Length <= room)
            {
                return writer.Append(events);
            }

            writer.Append([.. events.Take(room)]);
            store.Room = 0;
            throw new IOException("No space left on device.");
        }

        public void Dispose()
        {
            writer.Dispose();
            closed();
        }
    }
}
