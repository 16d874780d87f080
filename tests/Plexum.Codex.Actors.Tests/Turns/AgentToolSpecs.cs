using Akka.Actor;
using Plexum.Codex.Agents;
using Plexum.Codex.Backend;
using Plexum.Codex.Events;
using Plexum.Codex.Exec.Running;
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
        Assert.Contains("PLEXUM_MCP_TOKEN", call.Env);
    }

    [Fact]
    public void S15_Neither_codex_s_arguments_nor_the_turn_s_files_have_the_token()
    {
        Stage.Script("thread", "turn", $"touch {Stage.File("runs")}", $"wait {Stage.File("go")}", "completed 1 1");
        var turn = Submit(Request(Tool));
        AwaitFile("runs");
        var codex = Stage.Calls[^1];
        var token = ProcessProbe.VariableOf(codex.Pid, "PLEXUM_MCP_TOKEN");

        Assert.Equal(64, token.Length);
        Assert.All(codex.Argv, argument => Assert.DoesNotContain(token, argument, StringComparison.Ordinal));
        Assert.All(TextsInProfile(), text => Assert.DoesNotContain(token, text, StringComparison.Ordinal));
        Assert.True(ToolTokenHash.TryParse(ExecRecord.Load(turn.Directory)!.ToolTokenHash, out var hash) && hash.Is(token));

        Stage.Touch("go");
        turn.Ended(StopReason.EndTurn);
    }

    [Fact]
    public void A_turn_without_tools_has_no_server()
    {
        Submit(Request()).Ended(StopReason.EndTurn);

        AssertNoServer();
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
        AssertNoServer();
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

    private List<string> TextsInProfile()
    {
        while (true)
        {
            try
            {
                return
                [
                    .. Directory
                        .EnumerateFiles(ProfileRoot, "*", SearchOption.AllDirectories)
                        .Where(file => Path.GetExtension(file) != ".sock" && Path.GetFileName(file) != "lock")
                        .Select(File.ReadAllText),
                ];
            }
            catch (FileNotFoundException)
            {
                // A file that was just being renamed into place: the look at all of them begins again.
            }
        }
    }

    private ToolsChangeOutcome Change(TurnId turn)
    {
        var probe = CreateTestProbe();
        Registry.Tell(new AgentProtocol.ChangeTools(Alice, turn, []), probe.Ref);
        return probe.ExpectMsg<AgentProtocol.ToolsChangeAnswered>().Outcome;
    }

    private TurnRequest Request(params ToolDefinition[] tools) =>
        new(Alice, Stage.Workspace, null, [TurnMessage.User("Hello.")]) { Tools = [.. tools] };

    private void AssertNoServer() =>
        Assert.DoesNotContain(Stage.Calls[^1].Argv, argument => argument.Contains("mcp_servers", StringComparison.Ordinal));
}
