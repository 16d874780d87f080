using Akka.Actor;
using Plexum.Codex.AppServer.Output;
using Plexum.Codex.AppServer.Server;
using Plexum.Codex.Backend;
using Plexum.Codex.Events;
using Plexum.Codex.Turns;

namespace Plexum.Codex.AppServer.Turns;

/// <summary>What readers learn of a turn that the server does not begin.</summary>
public sealed class SilentOpeningSpecs : AppServerTurnTestKit
{
    private const string Reason = "No lock on a file in its home was found; it may wait for the network or a disk.";

    public SilentOpeningSpecs()
        : base(TestSystem.WithClock) => Waiting = TimeSpan.FromSeconds(5);

    [Fact]
    public void A_server_that_does_not_run_yet_is_what_is_waited_for()
    {
        Begin();
        Server.ExpectMsg<AppServerProtocol.OpenThread>();

        Assert.Equal("codex's app-server has not taken the turn after 5 s: it is still being started.", Notice());
    }

    [Fact]
    public void A_thread_that_the_server_does_not_load_is_told_and_no_second_wait_of_the_turn()
    {
        var run = Begin();
        Server.ExpectMsg<AppServerProtocol.OpenThread>();
        run.Tell(new AppServerProtocol.Opening(Turn, Opened.Server), Server);
        AwaitTaken(run);

        Assert.Equal($"codex's app-server has not loaded the turn's thread after 5 s. {Reason}", Notice());
        run.Tell(Opened, Server);
        Server.ExpectMsg<AppServerProtocol.StartTurn>();
        run.Tell(new AppServerProtocol.TurnStarted(Turn, ServerRig.TurnId), Server);
        TurnProbe.ExpectMsg<CodexBackendProtocol.ThreadNamed>();
        Clock.Advance(TimeSpan.FromMinutes(1));
        Say(run, ServerRig.Lines("0.169-steered.jsonl"));
        Assert.DoesNotContain(Told(), IsTold);
    }

    [Fact]
    public void A_turn_that_the_server_has_taken_and_not_begun_is_told()
    {
        Starting();

        Assert.Equal($"codex's app-server has not begun the turn after 5 s. {Reason}", Notice());
    }

    [Fact]
    public void A_silence_of_the_model_is_not_told()
    {
        var run = Starting();
        var lines = ServerRig.Lines("0.169-steered.jsonl");
        var begun = lines.TakeWhile(line => !line.Contains("item/", StringComparison.Ordinal)).ToArray();
        Say(run, begun);
        AwaitTaken(run);

        Clock.Advance(TimeSpan.FromMinutes(1));

        Say(run, lines[begun.Length..]);
        Assert.DoesNotContain(Told(), IsTold);
    }

    private TestClock Clock => (TestClock)Sys.Scheduler;

    private static bool IsTold(CanonicalEvent value) => value is CanonicalEvent.Notice { Code: NoticeCodes.Waiting };

    // What the actor was sent before is dealt with.
    private void AwaitTaken(IActorRef run)
    {
        var probe = CreateTestProbe();
        run.Tell(new Identify(1), probe);
        probe.ExpectMsg<ActorIdentity>();
    }

    private string Notice()
    {
        Clock.Advance(TimeSpan.FromSeconds(5));
        return TurnProbe.ExpectMsg<CodexBackendProtocol.Events>().Batch.OfType<CanonicalEvent.Notice>().Single(IsTold).Message;
    }
}
