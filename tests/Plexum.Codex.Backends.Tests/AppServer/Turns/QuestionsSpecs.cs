using System.Text.Json;
using Akka.TestKit;
using Plexum.Codex.Approvals;
using Plexum.Codex.AppServer.Server;
using Plexum.Codex.AppServer.Turns.Steps;
using Plexum.Codex.Backend;
using Plexum.Codex.TestSupport.Agents;
using Plexum.Codex.Turns;
using Xunit;

namespace Plexum.Codex.AppServer.Turns;

/// <summary>The server's questions between the turn and the server.</summary>
public sealed class QuestionsSpecs : Akka.TestKit.Xunit2.TestKit
{
    private static readonly ThreadId Thread = ThreadId.Parse("019a0000-0000-7000-8000-00000000abcd");

    private readonly TestProbe _server;
    private readonly TestProbe _turn;
    private readonly Questions _questions;

    public QuestionsSpecs()
        : base(TestSystem.Config)
    {
        (_server, _turn) = (CreateTestProbe(), CreateTestProbe());
        _questions = new Questions(TurnId.Parse("t"), _server.Ref, _turn.Ref);
    }

    [Fact]
    public void A_question_reaches_the_turn_and_its_answer_the_server_once()
    {
        var asked = Ask(7, "item/commandExecution/requestApproval", """{"itemId":"call_1","command":"rm x"}""");
        Assert.Equal("rm x", asked.Command);
        var again = Ask(7, "item/commandExecution/requestApproval", """{"itemId":"call_1","command":"rm x"}""");
        Assert.Equal(asked, again);

        _questions.Answer(new CodexBackendProtocol.Answer(asked.Id, new ApprovalAnswer(ApprovalDecision.Accept)));
        _questions.Answer(new CodexBackendProtocol.Answer(asked.Id, ApprovalAnswer.Declined));

        var reply = _server.ExpectMsg<AppServerProtocol.Reply>();
        Assert.Equal((Thread, "7", """{"decision":"accept"}"""), (reply.Thread, reply.RequestId.GetRawText(), reply.Result.ToJsonString()));
        Assert.False(_server.HasMessages);
    }

    [Fact]
    public void A_change_of_files_is_asked_about_with_what_was_told_of_it_before()
    {
        Say("item/started", """{"item":{"id":"a","type":"fileChange","changes":[{"path":"/f","kind":{"type":"add"},"diff":"old"}]}}""");
        Say("item/fileChange/patchUpdated", """{"itemId":"a","changes":[{"path":"/f","kind":{"type":"add"},"diff":"new"}]}""");

        var asked = Ask(1, "item/fileChange/requestApproval", """{"itemId":"a"}""");

        Assert.Contains("\"diff\":\"new\"", asked.Details, StringComparison.Ordinal);
        Assert.False(asked.IsCut);
        Say("item/completed", """{"item":{"id":"a","type":"fileChange","changes":[]}}""");
        var unknown = Ask(2, "item/fileChange/requestApproval", """{"itemId":"a"}""");
        Assert.Equal(((string?)null, true), (unknown.Details, unknown.IsCut));
    }

    [Fact]
    public void What_the_server_settles_itself_is_withdrawn_and_what_was_answered_is_not()
    {
        var open = Ask(1, "item/fileChange/requestApproval", "{}");
        var answered = Ask(2, "item/fileChange/requestApproval", "{}");
        _questions.Answer(new CodexBackendProtocol.Answer(answered.Id, ApprovalAnswer.Declined));

        Say("serverRequest/resolved", """{"requestId":2}""");
        Say("serverRequest/resolved", """{"requestId":1}""");

        Assert.Equal(open.Id, _turn.ExpectMsg<CodexBackendProtocol.Withdrawn>().Id);
        Assert.False(_turn.HasMessages);
    }

    [Fact]
    public void What_no_person_can_answer_gets_an_error_so_that_the_turn_does_not_wait()
    {
        _questions.Take(new AppServerProtocol.Asked(Thread, Json("3"), "attestation/generate", Json("{}")));

        Assert.Equal("3", _server.ExpectMsg<AppServerProtocol.ReplyError>().RequestId.GetRawText());
        Assert.False(_turn.HasMessages);
    }

    private ApprovalQuestion Ask(int number, string method, string parameters)
    {
        _questions.Take(new AppServerProtocol.Asked(Thread, Json(FormattableString.Invariant($"{number}")), method, Json(parameters)));
        return _turn.ExpectMsg<CodexBackendProtocol.Asked>().Question;
    }

    private void Say(string method, string parameters) => _questions.Note(new AppServerProtocol.Said(Thread, method, Json(parameters)));

    private static JsonElement Json(string text)
    {
        using var document = JsonDocument.Parse(text);
        return document.RootElement.Clone();
    }
}
