using System.Text;
using Plexum.Codex.Events;
using Plexum.Codex.Options;
using Plexum.Codex.Processes;
using Plexum.Codex.Profiles;
using Plexum.Codex.Turns;

namespace Plexum.Codex.EndToEnd;

/// <summary>The executable as a user has it.</summary>
public sealed class ProgramSpecs(LoopbackModelFixture model) : IClassFixture<LoopbackModelFixture>
{
    [Theory]
    [EachBackend]
    public async Task Say_with_json_prints_the_events_of_the_turns_log(BackendKind backend)
    {
        await using var rig = new CodexRig(model.Server, backend);
        using var say = rig.StartProgram("say", "--agent", "alice", "--json", "!think hm\n!run echo hi\n!say Hello \U0001F98A");
        var (exitCode, output, errors) = await say.EndsAsync();

        Assert.True(exitCode == 0, errors);
        Assert.Equal(await File.ReadAllTextAsync(EventsOfOnlyTurn(rig)), output);
        var turn = Read(output);
        turn.Said("Hello \U0001F98A");
        Assert.Contains(turn.Events, e => e is CanonicalEvent.ThinkingDelta { Text: "hm" });
        Assert.Contains(turn.Events, e => e is CanonicalEvent.Activity);
    }

    [Theory]
    [EachBackend]
    public async Task Say_prints_the_answer_to_a_prompt_from_standard_input(BackendKind backend)
    {
        await using var rig = new CodexRig(model.Server, backend);
        using var say = rig.StartProgram("say", "--agent", "alice", "-");
        var (exitCode, output, errors) = await say.EndsAsync("--help me\n");

        Assert.True(exitCode == 0, errors);
        Assert.Equal("--help me\n\n", output);
        Assert.Empty(AppServers.Of(rig.Profile));
    }

    [Theory]
    [EachBackend]
    public async Task Say_ends_with_1_when_the_turn_failed(BackendKind backend)
    {
        await using var rig = new CodexRig(model.Server, backend);
        using var say = rig.StartProgram("say", "--agent", "alice", "!fail 401");
        var (exitCode, output, errors) = await say.EndsAsync();

        Assert.Equal((1, ""), (exitCode, output));
        Assert.Contains("unauthorized", errors, StringComparison.Ordinal);
    }

    [Theory]
    [EachBackend]
    public async Task Say_cancels_the_turn_when_it_is_interrupted(BackendKind backend)
    {
        await using var rig = new CodexRig(model.Server, backend);
        using var say = rig.StartProgram("say", "--agent", "alice", "--json", "!run touch here; sleep 3600");
        await Limits.UntilAsync(() => File.Exists(Path.Combine(rig.Workspace(), "here")));
        say.Signal(ProcessSignal.Interrupt);
        var (exitCode, output, errors) = await say.EndsAsync();

        Assert.True(exitCode == 130, errors);
        var turn = Read(output);
        Assert.Equal(StopReason.Cancelled, turn.End.StopReason);
        await rig.GoneAsync();
    }

    [Theory]
    [EachBackend]
    public async Task Two_says_at_once_end_in_one_thread(BackendKind backend)
    {
        await using var rig = new CodexRig(model.Server, backend);
        using var one = rig.StartProgram("say", "--agent", "alice", "--json", "One.");
        using var two = rig.StartProgram("say", "--agent", "alice", "--json", "Two.");
        var ended = await Task.WhenAll(one.EndsAsync(), two.EndsAsync());

        Assert.All(ended, run => Assert.True(run.ExitCode == 0, run.Errors));
        var (first, second) = (Read(ended[0].Output).Said("One."), Read(ended[1].Output).Said("Two."));
        Assert.Equal(first.Thread, second.Thread);
        Assert.Equal([1, 2], model.Server.RequestsOf(first.Thread).Select(request => request.UserTexts.Count));
    }

    [Theory]
    [EachBackend]
    public async Task The_demonstration_succeeds(BackendKind backend)
    {
        await using var rig = new CodexRig(model.Server, backend);
        using var demo = rig.StartProgram("demo");
        var (exitCode, output, errors) = await demo.EndsAsync();

        Assert.True(exitCode == 0, output + errors);
        Assert.Equal(5, output.Split('\n').Count(line => line.Contains("yes", StringComparison.Ordinal)));
    }

    private static string EventsOfOnlyTurn(CodexRig rig) =>
        Path.Combine(
            Assert.Single(Directory.EnumerateDirectories(new AgentDirectory(rig.Profile, AgentId.Parse("alice")).Turns)),
            "events.jsonl"
        );

    private static FinishedTurn Read(string output)
    {
        var events = output
            .Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line =>
            {
                Assert.True(CanonicalJsonReader.TryRead(Encoding.UTF8.GetBytes(line), out _, out var value), line);
                return value!;
            })
            .ToList();
        return new FinishedTurn(Assert.IsType<CanonicalEvent.MessageStart>(events[0]).TurnId, events);
    }
}
