using Akka.Actor;
using Akka.TestKit;
using Microsoft.Extensions.Time.Testing;
using Plexum.Codex.AppServer.Server;
using Plexum.Codex.AppServer.Threads;
using Plexum.Codex.AppServer.Wire;
using Plexum.Codex.Turns;

namespace Plexum.Codex.AppServer.Node;

/// <summary>Who is told what when a server's actor is gone.</summary>
public sealed class FleetSpecs : Akka.TestKit.Xunit2.TestKit
{
    private static readonly ThreadId Thread = ThreadId.Parse("019a0000-0000-7000-8000-000000000001");
    private static readonly AppServerFault Fault = new(AppServerFaultKind.ServerDown, "It is gone.");

    private readonly FakeTimeProvider _time = new();
    private readonly AppServerSettings _settings = new();
    private readonly Fleet _fleet;
    private readonly TestProbe _server;

    public FleetSpecs()
        : base(TestSystem.Config)
    {
        _fleet = new Fleet(new OpenRequests(_settings, _time));
        _server = CreateTestProbe();
    }

    [Fact]
    public void A_run_that_was_refused_does_not_take_the_place_of_the_one_that_listens()
    {
        var (alice, bob) = (CreateTestProbe(), CreateTestProbe());
        var first = Give(alice, Thread);
        _fleet.Note(new ServerProtocol.Holds(Thread, first.TurnId, alice.Ref), _server.Ref);
        var second = Give(bob, Thread);
        _fleet.Requests.Remove(second.TurnId);

        _fleet.TellLost(_server.Ref, Fault);

        Assert.Equal(Fault, alice.ExpectMsg<AppServerProtocol.ServerLost>().Fault);
        bob.Ref.Tell("nothing before this");
        bob.ExpectMsg<string>();
    }

    [Fact]
    public void A_run_whose_thread_was_being_opened_is_refused_with_the_server()
    {
        var (alice, bob) = (CreateTestProbe(), CreateTestProbe());
        Give(alice, null);
        Give(bob, Thread);

        _fleet.TellLost(_server.Ref, Fault);

        Assert.Equal((AppServerMethods.Start, Fault), Refused(alice));
        Assert.Equal((AppServerMethods.Resume, Fault), Refused(bob));
    }

    [Fact]
    public void A_server_that_never_answers_keeps_no_run_for_ever()
    {
        var (alice, bob) = (CreateTestProbe(), CreateTestProbe());
        Give(alice, null);
        _time.Advance(_settings.StartLimit + (_settings.RequestLimit * 4));
        Give(bob, null);
        _fleet.Requests.RefuseOverdue();
        _time.Advance(TimeSpan.FromSeconds(1));

        _fleet.Requests.RefuseOverdue();

        Assert.Equal(AppServerFaultKind.NoAnswer, Refused(alice).Fault.Kind);
        bob.Ref.Tell("nothing before this");
        bob.ExpectMsg<string>();
    }

    private AppServerProtocol.OpenThread Give(TestProbe run, ThreadId? thread)
    {
        var open = new AppServerProtocol.OpenThread(TurnId.New(TimeProvider.System), thread, new ThreadSetup("/"));
        _fleet.Give(_server.Ref, open, run.Ref);
        _server.ExpectMsg(open);
        return open;
    }

    private static (string? Method, AppServerFault Fault) Refused(TestProbe run)
    {
        var refused = run.ExpectMsg<AppServerProtocol.Refused>();
        return (refused.Method, refused.Fault);
    }
}
