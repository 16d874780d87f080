using Akka.Actor;
using Plexum.Codex.AppServer.Server;
using Plexum.Codex.Threads;
using Plexum.Codex.Turns;

namespace Plexum.Codex.AppServer.Node;

/// <summary>What somebody hears who needs a thread that the server has.</summary>
public sealed class LoadedThreadsSpecs : Akka.TestKit.Xunit2.TestKit
{
    private static readonly ThreadId Thread = ThreadId.Parse("019a0000-0000-7000-8000-000000000001");

    public LoadedThreadsSpecs()
        : base(TestSystem.Config) { }

    [Fact]
    public async Task A_server_that_does_not_answer_is_waited_for_no_longer_than_the_limit()
    {
        var threads = new LoadedThreads(CreateTestProbe().Ref, TimeSpan.FromMilliseconds(50));

        var busy = await Assert.ThrowsAsync<ThreadBusyException>(() => threads.ReleaseAsync(Thread, CancellationToken.None).WithinLimit());

        Assert.Contains($"{Thread}", busy.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_thread_that_cannot_be_let_go_of_is_busy_with_the_servers_reason()
    {
        var server = CreateTestProbe();
        var release = new LoadedThreads(server.Ref, Limits.Wait).ReleaseAsync(Thread, CancellationToken.None);

        server.ExpectMsg<AppServerProtocol.Unload>();
        server.Reply(new AppServerProtocol.Unloaded(Thread, "A turn runs in it."));

        Assert.Equal("A turn runs in it.", (await Assert.ThrowsAsync<ThreadBusyException>(() => release.WithinLimit())).Message);
    }
}
