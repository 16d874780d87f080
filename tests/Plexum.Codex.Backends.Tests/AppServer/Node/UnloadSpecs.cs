using Plexum.Codex.AppServer.Server;

namespace Plexum.Codex.AppServer.Node;

/// <summary>Who may unload a thread under a running turn.</summary>
public sealed class UnloadSpecs : AppServerTestKit
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_run_that_listens_or_whoever_gives_the_turn_up_unloads_its_thread_and_the_turn_ends(bool isTheRun)
    {
        Stage.Script("turn", "hang");
        var node = NewNode();
        var run = NewRun(node);
        var thread = run.Opens(null).Thread;
        run.Starts("one");
        run.Hears("turn/started");
        var asker = isTheRun ? run.Probe : CreateTestProbe();

        node.Tell(new AppServerProtocol.Unload(thread) { EvenWithTurn = !isTheRun }, asker.Ref);

        run.Hears("turn/completed");
        Assert.Null(asker.FishForMessage<AppServerProtocol.Unloaded>(_ => true).Problem);
        AwaitAssert(() => Assert.Equal((0, 0), (StateOf(node).Loaded, StateOf(node).Running)));
    }
}
