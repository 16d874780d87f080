using System.Text.Json;
using Akka.Actor;
using Akka.TestKit;
using Plexum.Codex.Backend;
using Plexum.Codex.Turns.Parts;
using Xunit;

namespace Plexum.Codex.Tools;

/// <summary>Calls that the run hands up go the same way as those of a relay.</summary>
public sealed class ToolCallingSpecs : BridgeTestKit
{
    private readonly TestProbe _run;
    private readonly ToolCalling _calling;

    public ToolCallingSpecs() => (_run, _calling) = (CreateTestProbe(), new ToolCalling(Bridge));

    [Fact]
    public void A_call_reaches_the_host_under_its_own_name_with_the_model_s_id_and_its_answer_the_run()
    {
        Open(Get with { Name = "notes.get" });

        Ask("1", "notes_get", """{"key":"ü"}""");
        var call = ExpectCall();
        Answer(call, "a value");

        Assert.Equal((Turn, "call_1", "notes.get"), (call.TurnId, call.CallId, call.Name));
        Assert.Equal("ü", JsonDocument.Parse(call.Arguments).RootElement.GetProperty("key").GetString());
        Assert.Equal(("1", "a value", false), Answered());
    }

    [Theory]
    [InlineData("get", "17", "must be a JSON object, not a number")]
    [InlineData("get", "null", "must be a JSON object, not null")]
    [InlineData("get", "{}", "[\"key\"] are not present")]
    [InlineData("put", "{}", "There is no tool put in this turn; there are get.")]
    public void What_cannot_be_called_is_an_error_that_the_model_can_read(string tool, string arguments, string reason)
    {
        Open(Get);

        Ask("1", tool, arguments);

        var (_, text, isError) = Answered();
        Assert.True(isError);
        Assert.Contains(reason, text, StringComparison.Ordinal);
        Handler.ExpectNoMsg(TimeSpan.Zero);
    }

    [Fact]
    public void A_call_that_codex_withdraws_is_withdrawn_from_the_host()
    {
        Open(Get);
        Ask("1", "get", """{"key":1}""");
        var call = ExpectCall();

        _calling.Take(new CodexBackendProtocol.ToolWithdrawn("1"), _run.Ref);

        Assert.Equal(call.CallId, Handler.ExpectMsg<ToolBridgeProtocol.CallGivenUp>().CallId);
    }

    [Fact]
    public void A_call_that_waits_when_the_turn_ends_or_the_bridge_fails_is_answered()
    {
        Open(Get);
        Ask("1", "get", """{"key":1}""");
        ExpectCall();
        Bridge.Tell(new ToolBridgeProtocol.CloseTurn(Turn));
        Assert.Equal(("1", "The turn is over.", true), Answered());

        Open(Get);
        Ask("2", "get", """{"key":1}""");
        Handler.FishForMessage<ToolBridgeProtocol.CallTool>(_ => true);
        Watch(Bridge);
        Sys.Stop(Bridge);
        ExpectTerminated(Bridge);
        _calling.Lose();
        Ask("3", "get", """{"key":1}""");

        // The bridge gives up what waits when it stops; whichever comes first counts.
        var answers = new[] { Answered(), Answered() };
        Assert.Equal(["2", "3"], answers.Select(answer => answer.Question).Order());
        Assert.All(answers, answer => Assert.True(answer.IsError));
    }

    [Fact]
    public void A_turn_without_tools_has_none_to_call()
    {
        new ToolCalling(null).Take(new CodexBackendProtocol.ToolAsked("1", "call_1", "get", Json("{}")), _run.Ref);

        Assert.Equal(("1", "There is no tool get in this turn, nor any other of the host's.", true), Answered());
    }

    private void Ask(string question, string tool, string arguments) =>
        _calling.Take(new CodexBackendProtocol.ToolAsked(question, $"call_{question}", tool, Json(arguments)), _run.Ref);

    private (string Question, string Text, bool IsError) Answered()
    {
        var answer = _run.ExpectMsg<CodexBackendProtocol.ToolAnswer>();
        return (answer.Question, Assert.IsType<ToolContent.Text>(Assert.Single(answer.Content)).Value, answer.IsError);
    }

    private static JsonElement Json(string json)
    {
        using var document = JsonDocument.Parse(json);
        return document.RootElement.Clone();
    }
}
