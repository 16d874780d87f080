using Akka.Actor;
using Plexum.Codex.AppServer.Server;
using Plexum.Codex.AppServer.Threads;
using Plexum.Codex.AppServer.Wire;

namespace Plexum.Codex.AppServer.Node;

/// <summary>Requests that meet the end of a server's actor.</summary>
public sealed class LateRequestSpecs : AppServerTestKit
{
    private static readonly AppServerFault Fault = new(AppServerFaultKind.ServerDown, "It is gone.");

    [Fact]
    public async Task A_request_that_comes_while_the_server_of_a_failed_actor_is_ended_has_another_server()
    {
        Settings = Settings with { TerminateGrace = TimeSpan.FromMilliseconds(300) };
        var node = NewNode();
        var (lost, waits) = (NewRun(node), NewRun(node));
        lost.Opens(null);
        ProcessProbe.Freeze(Stage.Servers[0]);

        (await ChildOfAsync(node)).Tell(Kill.Instance);
        lost.Expect<AppServerProtocol.ServerLost>();
        waits.Open(null);

        waits.Expect<AppServerProtocol.ThreadOpened>();
        Assert.False(ProcessProbe.IsRunning(Stage.Servers[0]));
    }

    [Fact]
    public async Task A_request_that_reaches_a_server_behind_its_last_word_is_opened_by_another_one()
    {
        var node = NewNode();
        RunTurn(node, "one");
        var child = await ChildOfAsync(node);
        ProcessProbe.Freeze(Stage.Servers[0]);
        var run = NewRun(node);
        run.Open(null);
        run.Probe.FishForMessage<AppServerProtocol.Opening>(_ => true);

        node.Tell(new ServerProtocol.Gone(Fault, WasWanted: false, []), child);
        child.Tell(PoisonPill.Instance);

        run.Expect<AppServerProtocol.ThreadOpened>();
        Assert.Equal(2, Stage.Servers.Count);
    }

    [Fact]
    public async Task A_server_that_cannot_be_ended_keeps_no_other_from_being_started()
    {
        Settings = Settings with { TerminateGrace = TimeSpan.FromMinutes(1), RequestLimit = TimeSpan.FromMinutes(1) };
        var node = NewNode();
        var run = NewRun(node);
        run.Opens(null);
        var child = await ChildOfAsync(node);
        ProcessProbe.Freeze(Stage.Servers[0]);
        child.Tell(new ServerProtocol.End(EvenWithTurns: true));
        var waits = NewRun(node);
        waits.Open(null);

        child.Tell(new ServerActor.EndFailed("A part of it is another user's."));

        Assert.Equal(AppServerFaultKind.ServerDown, run.Expect<AppServerProtocol.ServerLost>().Fault.Kind);
        waits.Expect<AppServerProtocol.ThreadOpened>();
        Assert.True(ProcessProbe.IsRunning(Stage.Servers[0]));
    }

    private Task<IActorRef> ChildOfAsync(IActorRef node) => Sys.ActorSelection(node.Path / "server-1").ResolveOne(Limits.Wait);
}
