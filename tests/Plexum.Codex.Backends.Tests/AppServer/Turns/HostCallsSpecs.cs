using System.Text.Json;
using Akka.TestKit;
using Plexum.Codex.AppServer.Server;
using Plexum.Codex.AppServer.Turns.Steps;
using Plexum.Codex.Backend;
using Plexum.Codex.Tools;
using Plexum.Codex.Turns;

namespace Plexum.Codex.AppServer.Turns;

/// <summary>The server's calls of the host's tools between the turn and the server.</summary>
public sealed class HostCallsSpecs : Akka.TestKit.Xunit2.TestKit
{
    private static readonly ThreadId Thread = ThreadId.Parse("019a0000-0000-7000-8000-00000000abcd");

    private readonly TestProbe _server;
    private readonly TestProbe _turn;
    private readonly Questions _questions;

    public HostCallsSpecs()
        : base(TestSystem.Config)
    {
        (_server, _turn) = (CreateTestProbe(), CreateTestProbe());
        _questions = new Questions(TurnId.Parse("t"), _server.Ref, _turn.Ref);
    }

    [Fact]
    public void A_call_reaches_the_turn_with_the_model_s_id_and_its_answer_the_server()
    {
        Ask(7, "call_1");

        var asked = _turn.ExpectMsg<CodexBackendProtocol.ToolAsked>();
        Assert.Equal(("7", "call_1", "get", """{"key":"ü"}"""), (asked.Question, asked.CallId, asked.Name, asked.Arguments.GetRawText()));
        _questions.Answer(
            new CodexBackendProtocol.ToolAnswer("7", [new ToolContent.Text("a \ud800"), new ToolContent.Image("image/png", "AAAA")], false)
        );

        var reply = _server.ExpectMsg<AppServerProtocol.Reply>();
        Assert.Equal((Thread, "7"), (reply.Thread, reply.RequestId.GetRawText()));
        Assert.Equal(true, (bool?)reply.Result["success"]);
        Assert.Equal(
            ("inputText", "a \ufffd"),
            ((string)reply.Result["contentItems"]![0]!["type"]!, (string)reply.Result["contentItems"]![0]!["text"]!)
        );
        Assert.Equal("data:image/png;base64,AAAA", (string?)reply.Result["contentItems"]![1]!["imageUrl"]);
    }

    [Fact]
    public void What_the_server_asks_again_is_asked_of_the_host_once_and_answered_again()
    {
        Ask(7, "call_1");
        _turn.ExpectMsg<CodexBackendProtocol.ToolAsked>();

        Ask(7, "call_1");
        Assert.False(_turn.HasMessages);
        _questions.Answer(new CodexBackendProtocol.ToolAnswer("7", [], true));
        var first = _server.ExpectMsg<AppServerProtocol.Reply>();
        Ask(7, "call_1");
        _questions.Answer(new CodexBackendProtocol.ToolAnswer("7", [new ToolContent.Text("late")], false));

        Assert.Equal(first.Result.ToJsonString(), _server.ExpectMsg<AppServerProtocol.Reply>().Result.ToJsonString());
        Assert.False(_server.HasMessages);
        Assert.False(_turn.HasMessages);
    }

    [Fact]
    public void A_call_that_has_ended_without_an_answer_is_withdrawn_and_one_that_was_answered_is_not()
    {
        Ask(1, "call_1");
        Ask(2, "call_2");
        Assert.Equal(2, _turn.ReceiveN(2).Count);
        _questions.Answer(new CodexBackendProtocol.ToolAnswer("2", [], false));

        End("call_2");
        End("call_1");

        Assert.Equal("1", _turn.ExpectMsg<CodexBackendProtocol.ToolWithdrawn>().Question);
        Assert.False(_turn.HasMessages);
    }

    [Theory]
    [InlineData("\"other\"")]
    [InlineData("null")]
    public void A_tool_that_another_program_gave_the_thread_is_answered_without_the_host(string scope)
    {
        Ask(1, "call_1", scope);

        var reply = _server.ExpectMsg<AppServerProtocol.Reply>();
        Assert.Equal(false, (bool?)reply.Result["success"]);
        Assert.False(_turn.HasMessages);
    }

    private void Ask(int id, string call, string scope = "\"plexum-host-alice\"") =>
        _questions.Take(
            new AppServerProtocol.Asked(
                Thread,
                Json($"{id}"),
                "item/tool/call",
                Json($$$"""{"callId":"{{{call}}}","namespace":{{{scope}}},"tool":"get","arguments":{"key":"ü"}}""")
            )
        );

    private void End(string call) =>
        _questions.Note(
            new AppServerProtocol.Said(Thread, "item/completed", Json($$$"""{"item":{"type":"dynamicToolCall","id":"{{{call}}}"}}"""))
        );

    private static JsonElement Json(string json)
    {
        using var document = JsonDocument.Parse(json);
        return document.RootElement.Clone();
    }
}
