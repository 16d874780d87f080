using Akka.Actor;
using Plexum.Codex.Agents;
using Plexum.Codex.Events;
using Plexum.Codex.Exec.Running;
using Plexum.Codex.Profiles;
using Plexum.Codex.Requests;
using Plexum.Codex.TestSupport.Agents;
using Xunit;

namespace Plexum.Codex.Turns;

/// <summary>The tools of a turn on the agent's side, with FakeCodex.</summary>
public sealed class AgentToolSpecs : AgentTestKit
{
    private static readonly ToolDefinition Tool = new("get", "Gets.", null);

    [Fact]
    public void Codex_learns_of_the_server_from_its_arguments_and_of_the_token_from_its_environment()
    {
        Submit(Request(Tool)).Ended(StopReason.EndTurn);

        var call = Stage.Calls[^1];
        var entry = call.Argv[Array.IndexOf(call.Argv, "-c") + 1];
        Assert.StartsWith("mcp_servers.plexum-host-alice={command=", entry, StringComparison.Ordinal);
        Assert.Contains("env_vars=[\"PLEXUM_MCP_TOKEN\"]", entry, StringComparison.Ordinal);
        Assert.Contains(",required=true", entry, StringComparison.Ordinal);
        Assert.Contains("tool_timeout_sec=330", entry, StringComparison.Ordinal);
        var token = ExecRecord.Load(DirectoryOf(Stage.Calls.Count))!.ToolToken!;
        Assert.Contains("PLEXUM_MCP_TOKEN", call.Env);
        Assert.All(call.Argv, argument => Assert.DoesNotContain(token, argument, StringComparison.Ordinal));
    }

    [Fact]
    public void A_turn_without_tools_has_no_server()
    {
        Submit(Request()).Ended(StopReason.EndTurn);

        Assert.DoesNotContain("-c", Stage.Calls[^1].Argv);
        Assert.False(Directory.Exists(Path.Combine(ProfileRoot, "run")));
    }

    [Fact]
    public void Tools_that_cannot_be_reached_are_a_notice_and_a_warning_and_the_turn_goes_on()
    {
        Directory.CreateDirectory(ProfileRoot);
        File.WriteAllText(Path.Combine(ProfileRoot, "run"), "no directory");

        TurnStory? story = null;
        EventFilter.Warning(start: "codex: mcp registration fail").ExpectOne(() => story = Submit(Request(Tool)).Ended(StopReason.EndTurn));

        Assert.Contains(story!.Events.OfType<CanonicalEvent.Notice>(), notice => notice.Code == NoticeCodes.ToolsUnavailable);
        Assert.DoesNotContain("-c", Stage.Calls[^1].Argv);
    }

    [Fact]
    public void Tools_can_be_changed_while_the_turn_runs_and_not_before_or_after()
    {
        Stage.Script("thread", "turn", $"touch {Stage.File("runs")}", $"wait {Stage.File("go")}", "say done", "completed 1 1");
        var turn = Submit(Request(Tool));
        AwaitFile("runs");

        Assert.Equal(ToolsChangeOutcome.Changed, Change(turn.Id));
        Assert.Equal(ToolsChangeOutcome.NotServed, Change(TurnId.Parse("another")));
        Stage.Touch("go");
        turn.Ended(StopReason.EndTurn);
        Assert.Equal(ToolsChangeOutcome.NotServed, Change(turn.Id));
    }

    private ToolsChangeOutcome Change(TurnId turn)
    {
        var probe = CreateTestProbe();
        Registry.Tell(new AgentProtocol.ChangeTools(Alice, turn, []), probe.Ref);
        return probe.ExpectMsg<AgentProtocol.ToolsChangeAnswered>().Outcome;
    }

    private TurnRequest Request(params ToolDefinition[] tools) =>
        new(Alice, Stage.Workspace, null, [TurnMessage.User("Hello.")]) { Tools = [.. tools] };

    private TurnDirectory DirectoryOf(int calls)
    {
        Assert.Equal(1, calls);
        var folder = Assert.Single(Directory.EnumerateDirectories(new AgentDirectory(ProfileRoot, Alice).Turns));
        return TurnDirectory.Of(new AgentDirectory(ProfileRoot, Alice), TurnId.Parse(Path.GetFileName(folder)));
    }
}
