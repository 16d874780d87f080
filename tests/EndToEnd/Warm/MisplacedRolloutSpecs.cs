using System.Text.Json.Nodes;
using Plexum.Codex.Events;
using Plexum.Codex.Turns;

namespace Plexum.Codex.EndToEnd.Warm;

/// <summary>
/// The app-server is killed while it archives a thread or brings it back: it has moved the rollout, and codex's index does not know it.
/// </summary>
public sealed class MisplacedRolloutSpecs(WarmStage stage) : IClassFixture<WarmStage>
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_thread_whose_server_died_while_it_unloaded_it_goes_on(bool isIndexedAsArchived)
    {
        var agent = isIndexedAsArchived ? "back" : "away";
        var before = (await stage.SayAsync(agent, "app-server", "Before.")).Said("Before.");
        var thread = Assert.IsType<ThreadId>(before.Thread);
        await stage.Daemon.KillAsync();
        NoteUnloading(thread);
        await stage.KillServersAsync();
        var rollout = Assert.Single(stage.RolloutsOf(thread));
        var archived = Path.Combine(stage.CodexHome, "archived_sessions", Path.GetFileName(rollout));
        if (isIndexedAsArchived)
        {
            await stage.CodexAsync("archive", $"{thread}");
            File.Move(archived, rollout);
        }
        else
        {
            Directory.CreateDirectory(Path.GetDirectoryName(archived)!);
            File.Move(rollout, archived);
        }

        await stage.Daemon.StartAsync();

        Assert.Equal(thread, (await stage.SayAsync(agent, "exec", "Next.")).Said("Next.").Thread);
        Assert.Equal("Before.\nNext.", (await stage.SayAsync(agent, "app-server", "!recall")).Succeeded().Text);
        Assert.Equal([rollout], stage.RolloutsOf(thread));
    }

    [Fact]
    public async Task Calls_of_a_thread_in_the_archive_are_not_said_to_be_consumed()
    {
        const string Agent = "archived";
        var turn = (await stage.SayAsync(Agent, "exec", "!run echo here\n!say done")).Said("done");
        var thread = Assert.IsType<ThreadId>(turn.Thread);
        await stage.CodexAsync("archive", $"{thread}");
        var calls = turn.Events.OfType<CanonicalEvent.ToolCall>().Select(call => call.Id).ToList();

        var refused = (await stage.Api.ConsumeAsync(Agent, calls)).Must(409).Json;

        Assert.Equal("thread_busy", (string?)refused["code"]);
        await stage.CodexAsync("unarchive", $"{thread}");
        await stage.ConsumeAsync(Agent, turn, 1);
    }

    private void NoteUnloading(ThreadId thread)
    {
        var record = Assert.Single(stage.ServerRecords);
        var server = JsonNode.Parse(File.ReadAllText(record))!;
        server["unloading"] = new JsonArray($"{thread}");
        File.WriteAllText(record, server.ToJsonString());
    }
}
