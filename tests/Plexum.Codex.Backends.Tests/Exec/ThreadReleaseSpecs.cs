using Akka.Actor;
using Akka.TestKit;
using Akka.TestKit.Xunit2;
using Plexum.Codex.Backend;
using Plexum.Codex.Exec.Running;
using Plexum.Codex.Processes;
using Plexum.Codex.Profiles;
using Plexum.Codex.Requests;
using Plexum.Codex.Threads;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Exec;

/// <summary>A turn of exec whose thread codex's app-server has loaded.</summary>
public sealed class ThreadReleaseSpecs : TestKit
{
    private static readonly ThreadId Thread = ThreadId.Parse("019a0000-0000-7000-8000-000000000001");

    private readonly TemporaryDirectory _files = new();
    private readonly TestProbe _turn;

    public ThreadReleaseSpecs()
        : base(TestSystem.Config) => _turn = CreateTestProbe();

    [Fact]
    public void A_thread_that_is_not_let_go_of_is_waited_for_and_tried_again()
    {
        var run = Begin(new Holder(_ => Task.FromException(new ThreadBusyException("A turn runs in it."))), out var start);
        Assert.Contains("app-server", _turn.ExpectMsg<CodexBackendProtocol.WaitForThread>().Writer, StringComparison.Ordinal);

        run.Tell(start with { Attempt = 2 }, _turn);

        _turn.ExpectMsg<CodexBackendProtocol.WaitForThread>();
    }

    [Fact]
    public void A_turn_that_is_stopped_waits_no_longer()
    {
        var run = Begin(new Holder(cancelled => Task.Delay(Timeout.InfiniteTimeSpan, cancelled)), out _);

        run.Tell(new CodexBackendProtocol.Stop(StopCause.Cancelled, Force: false), _turn);

        var end = _turn.ExpectMsg<CodexBackendProtocol.Ended>().End;
        Assert.False(Assert.IsType<BackendResult.Stopped>(end.Result).HasRun);
    }

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        _files.Dispose();
    }

    private IActorRef Begin(ILoadedThreads loaded, out CodexBackendProtocol.Start start)
    {
        var (alice, turn) = (AgentId.Parse("alice"), TurnId.New(TimeProvider.System));
        var directory = TurnDirectory.Create(new AgentDirectory(_files.Root, alice), turn);
        var services = new ExecServices(
            new ExecSettings { CodexHome = _files.Root },
            new CodexBinarySource(FakeCodexStage.Binary, null),
            TimeProvider.System
        )
        {
            Loaded = loaded,
        };
        var run = _turn.ChildActorOf(
            ExecTurnActor.Props(services, new ExecTurn(new BackendTurn(alice, turn, directory)), null, CreateTestProbe().Ref)
        );
        start = new CodexBackendProtocol.Start(turn, 1, _files.Root, new Prompt("hi", []), null, Thread, null, CodexSandbox.None, null)
        {
            StartedAt = DateTimeOffset.UnixEpoch,
        };
        run.Tell(start, _turn);
        return run;
    }

    private sealed class Holder(Func<CancellationToken, Task> release) : ILoadedThreads
    {
        public Task ReleaseAsync(ThreadId thread, CancellationToken cancellationToken) => release(cancellationToken);
    }
}
