using Plexum.Codex.Events;
using Plexum.Codex.Gateway;
using Plexum.Codex.Options;
using Plexum.Codex.Requests;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Host.InProcess;

/// <summary>What a command that runs turns without a daemon leaves of codex's app-server.</summary>
public sealed class ServerEndSpecs
{
    [Fact]
    public async Task A_command_that_ends_leaves_no_server_and_none_is_started_for_its_end()
    {
        await using var stage = new DaemonStage("turn", "say done", "completed 1 1");
        await using (await CodexSystem.StartAsync(stage.Settings))
        {
            // It runs nothing.
        }

        Assert.Empty(stage.Codex.Servers);
        await using (var system = await CodexSystem.StartAsync(stage.Settings))
        {
            var request = new TurnRequest(AgentId.Parse("alice"), null, null, [TurnMessage.User("hello")])
            {
                Options = new TurnOptions { Backend = BackendKind.AppServer },
            };
            var submission = Assert.IsType<Submission.Accepted>(await system.SubmitAsync(request));
            Assert.Equal(StopReason.EndTurn, await system.AwaitEndAsync(submission.TurnId).WithinLimit());
        }

        Assert.False(ProcessProbe.IsRunning(Assert.Single(stage.Codex.Servers)));
        Assert.Empty(Directory.GetFileSystemEntries(Path.Combine(stage.Profile.Root, "app-server")));
    }
}
