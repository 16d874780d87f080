using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Plexum.Codex.Events;
using Plexum.Codex.Gateway;
using Plexum.Codex.Options;
using Plexum.Codex.Profiles;
using Plexum.Codex.Requests;
using Plexum.Codex.Turns;

namespace Plexum.Codex.EndToEnd.Versions;

/// <summary>Threads that somebody began without the program, and forks, as the threads of an agent.</summary>
public sealed partial class ForkSpecs(LoopbackModelFixture model) : IClassFixture<LoopbackModelFixture>
{
    private const string Agent = "bob";

    public static TheoryData<BackendKind, string> Versions => CodexVersions.OnEachBackend;

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task A_fork_has_its_own_usage_and_calls_and_says_where_those_of_its_parent_stand(BackendKind backend, string version)
    {
        await using var rig = CodexVersions.Rig(model, backend, version);
        var parent = (await rig.SayAsync("!usage 100 20\n!run echo parent\n!say one")).Said("one");
        var old = Assert.Single(parent.Events.OfType<CanonicalEvent.ToolCall>()).Id;
        GiveTo(rig, await ByHandAsync(rig, "fork", parent.Thread.ToString()!));

        var turn = (await rig.SayAsync("!usage 10 2\n!run echo own\n!say two", Agent)).Said("two");

        Assert.Equal(new Usage(20, 4, 0, 0), turn.End.Usage);
        Assert.DoesNotContain(NoticeCodes.UsageUnknown, turn.NoticeCodes);
        Assert.Equal("""{"cmd":"echo own"}""", Assert.Single(turn.Events.OfType<CanonicalEvent.ToolCall>()).Arguments);

        var path = rig.RolloutsOf(parent.Thread).Single();
        var before = await File.ReadAllBytesAsync(path);
        var result = await ConsumeAsync(rig, old);
        Assert.Equal((0, 1), (result.Touched, result.Requested));
        Assert.Contains($"{old} in {path}, which was not touched", Assert.Single(result.Warnings), StringComparison.Ordinal);
        Assert.Equal(before, await File.ReadAllBytesAsync(path));

        using var json = JsonDocument.Parse(await RolloutAsync(rig));
        var origin = json.RootElement.GetProperty("forked_from");
        Assert.Equal(
            (parent.Thread.ToString(), path),
            (origin.GetProperty("thread_id").GetString(), origin.GetProperty("path").GetString())
        );
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task A_fork_that_had_no_turn_yet_continues_the_count_of_its_parent(BackendKind backend, string version)
    {
        await using var rig = CodexVersions.Rig(model, backend, version);
        var parent = (await rig.SayAsync("!usage 100 20\n!say one")).Said("one");
        await using (var server = await LoadedServer.StartAsync(rig))
        {
            var fork = await server.AskAsync("thread/fork", new JsonObject { ["threadId"] = parent.Thread.ToString() });
            GiveTo(rig, fork.GetProperty("thread").GetProperty("id").GetString()!);
        }

        var turn = (await rig.SayAsync("!usage 10 2\n!say two", Agent)).Said("two");

        Assert.Equal((new Usage(10, 2, 0, 0), new Usage(110, 22, 0, 0)), (turn.End.Usage, turn.End.ThreadUsage));
        Assert.DoesNotContain(NoticeCodes.UsageUnknown, turn.NoticeCodes);
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task A_thread_of_the_users_own_has_the_usage_of_the_turn(BackendKind backend, string version)
    {
        await using var rig = CodexVersions.Rig(model, backend, version);
        Directory.CreateDirectory(rig.Workspace());
        GiveTo(rig, await ByHandAsync(rig));

        var turn = (await rig.SayAsync("!usage 10 2\n!say two", Agent)).Said("two");

        Assert.Equal(new Usage(10, 2, 0, 0), turn.End.Usage);
        Assert.DoesNotContain(NoticeCodes.UsageUnknown, turn.NoticeCodes);
    }

    [GeneratedRegex("\"thread_id\":\"([^\"]+)\"")]
    private static partial Regex ThreadStarted();

    /// <summary>Has a turn by hand and returns its thread.</summary>
    private static async Task<string> ByHandAsync(CodexRig rig, params string[] arguments)
    {
        using var codex = await rig.StartByHandAsync("!usage 1000 200\n!say by hand", arguments);
        var (exitCode, output, errors) = await codex.EndsAsync();
        Assert.True(exitCode == 0, errors);
        return ThreadStarted().Match(output).Groups[1].Value;
    }

    private static void GiveTo(CodexRig rig, string thread)
    {
        Directory.CreateDirectory(rig.Workspace(Agent));
        File.WriteAllText(rig.SessionFile(Agent), thread);
    }

    private static async Task<ConsumeResult> ConsumeAsync(CodexRig rig, string call)
    {
        var answer = await rig
            .System.Gateway.ConsumeAsync(
                AgentId.Parse(Agent),
                rig.Workspace(Agent),
                [new CallToConsume(call, CallToConsume.Light)],
                Submitter.Owner
            )
            .WithinLimit();
        return Assert.IsType<ConsumeAnswer.Done>(answer).Result;
    }

    private static async Task<string> RolloutAsync(CodexRig rig)
    {
        using var program = rig.StartProgram("rollout", "--agent", Agent, "--json");
        var (exitCode, output, errors) = await program.EndsAsync();
        Assert.True(exitCode == 0, errors);
        return output;
    }
}
