using System.Text.Json.Nodes;
using Plexum.Codex.EndToEnd.Versions;
using Plexum.Codex.Events;
using Plexum.Codex.LoopbackModel.Answers;
using Plexum.Codex.LoopbackModel.Codex;
using Plexum.Codex.LoopbackModel.Requests;
using Plexum.Codex.LoopbackModel.Scripts;
using Plexum.Codex.LoopbackModel.Server;
using Plexum.Codex.Options;
using Plexum.Codex.Turns;

namespace Plexum.Codex.EndToEnd.Warm;

/// <summary>Sub-agents, which codex's app-server by itself leaves working when the turn of their parent is over.</summary>
public sealed class SubAgentSpecs
{
    private const string Spawn = "!spawn ";

    [Theory]
    [InlineData(BackendKind.AppServer, PinnedCodex.Pinned, true)]
    [InlineData(BackendKind.AppServer, PinnedCodex.Pinned, false)]
    [InlineData(BackendKind.AppServer, PinnedCodex.Newest, true)]
    [InlineData(BackendKind.AppServer, PinnedCodex.Newest, false)]
    [InlineData(BackendKind.Exec, PinnedCodex.Pinned, true)]
    public async Task A_sub_agent_ends_with_the_turn_that_started_it(BackendKind backend, string version, bool isCancelled)
    {
        await using var model = await LoopbackModelServer.StartAsync(request => Answer(request, waits: isCancelled));
        await using var rig = new CodexRig(model, backend) { Binary = PinnedCodex.Require(version: version) };
        string[] files = [.. new[] { "pid", "more" }.Select(name => Path.Combine(rig.Workspace(), name))];
        var work = $"echo $$ > {files[0]}.new; mv {files[0]}.new {files[0]}; sleep 3600";
        var turn = rig.Begin($"{Spawn}!run {work}\n!say so\n!run touch {files[1]}");
        if (isCancelled)
        {
            await Limits.UntilAsync(() => File.Exists(files[0]));
            turn.Cancel();
        }

        var ended = await turn.EndAsync();

        Assert.Equal(isCancelled ? StopReason.Cancelled : StopReason.EndTurn, ended.End.StopReason);
        await Limits.UntilAsync(() => !File.Exists(files[0]) || !ProcessProbe.IsRunning(ProcessProbe.PidIn(files[0])));
        Assert.Equal(ended.Thread, (await rig.SayAsync("!say next")).Said("next").Thread);
        Assert.False(File.Exists(files[1]), "The sub-agent went on.");
        Assert.Empty(model.Refusals);
    }

    // The parent waits until it is cancelled, or ends once its sub-agent has begun to work.
    private static ModelAnswer Answer(ModelRequest request, bool waits)
    {
        if (!request.LastUserText.StartsWith(Spawn, StringComparison.Ordinal))
        {
            return Directives.Answer(request);
        }

        var task = new JsonObject { ["message"] = request.LastUserText[Spawn.Length..] };
        return request.Round switch
        {
            0 => new ModelAnswer().CallTool("spawn_agent", task.ToJsonString(), "multi_agent_v1"),
            1 when waits => new ModelAnswer().RunCommand("sleep 3600"),
            1 => new ModelAnswer().RunCommand("for i in $(seq 200); do [ -e pid ] && exit; sleep 0.05; done"),
            _ => new ModelAnswer().Reply("done"),
        };
    }
}
