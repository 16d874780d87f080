using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Plexum.Codex.Approvals;
using Plexum.Codex.Turns;
using Xunit;

namespace Plexum.Codex.AppServer.Output;

/// <summary>Questions as 0.169.0 and 0.171.0 ask them, and the answers that both take.</summary>
public sealed class ServerQuestionSpecs
{
    private const string Command = "item/commandExecution/requestApproval";
    private const string FileChange = "item/fileChange/requestApproval";
    private const string Elicitation = "mcpServer/elicitation/request";

    private static readonly TurnId Turn = TurnId.Parse("t");

    [Fact]
    public void A_command_is_asked_about_as_codex_would_run_it_and_where()
    {
        var question = Read(
            Command,
            """{"kind":"command","itemId":"call_c4","command":"/bin/bash -lc 'touch a1'","cwd":"/ws","reason":"need","commandActions":[]}"""
        )!;

        Assert.Equal(
            new ApprovalQuestion(question.Id, ApprovalKind.Command)
            {
                Item = "call_c4",
                Command = "/bin/bash -lc 'touch a1'",
                Cwd = "/ws",
                Reason = "need",
            },
            question
        );
        AssertReply(question, ApprovalDecision.Accept, """{"decision":"accept"}""");
        AssertReply(question, ApprovalDecision.AcceptForSession, """{"decision":"acceptForSession"}""");
        AssertReply(question, ApprovalDecision.Decline, """{"decision":"decline"}""");
    }

    [Fact]
    public void A_change_of_files_is_asked_about_with_what_changes()
    {
        const string Item =
            """{"type":"fileChange","changes":[{"path":"/ws/f","kind":{"type":"update","move_path":"/g"},"diff":"hello\n"}]}""";

        var question = Read(FileChange, """{"itemId":"call_a4","reason":null,"grantRoot":"/ws"}""", ServerItem.ToChanges(Json(Item)))!;

        Assert.Equal((ApprovalKind.FileChange, "call_a4", (string?)null), (question.Kind, question.Item, question.Reason));
        Assert.Equal(
            """{"changes":[{"path":"/ws/f","kind":"update","move_path":"/g","diff":"hello\n"}],"grant_root":"/ws"}""",
            question.Details
        );
        Assert.False(question.IsCut);
        AssertReply(question, ApprovalDecision.Accept, """{"decision":"accept"}""");
    }

    [Fact]
    public void A_long_change_of_files_is_asked_about_in_whole_and_an_endless_one_with_every_path_and_a_mark()
    {
        var diff = new string('x', 100_000);
        var changes = $$"""{"changes":[{"path":"/a","kind":"add","diff":"{{diff}}"},{"path":"/b","kind":"delete"} ]}""";
        var whole = Read(FileChange, "{}", ServerItem.ToChanges(Json(changes)))!;
        var endless = Read(FileChange, "{}", ServerItem.ToChanges(Json(changes.Replace("xx", "xxxxxxxx", StringComparison.Ordinal))))!;

        Assert.Equal((false, 100_000), (whole.IsCut, Changes(whole)[0].GetProperty("diff").GetString()!.Length));
        Assert.True(endless.IsCut);
        Assert.Equal(["/a add", "/b delete"], Changes(endless).Select(one => $"{one.GetProperty("path")} {one.GetProperty("kind")}"));
        Assert.False(Changes(endless)[0].TryGetProperty("diff", out _));
    }

    [Theory]
    [InlineData(FileChange, "{}")]
    [InlineData(Command, """{"itemId":"call_c4"}""")]
    public void What_codex_does_not_say_is_marked_as_missing(string method, string parameters) =>
        Assert.True(Read(method, parameters)!.IsCut);

    [Fact]
    public void Permissions_are_granted_as_they_were_asked_for_or_not_at_all()
    {
        const string Asked =
            """{"itemId":"call_t4","cwd":"/ws","reason":"need","permissions":{"network":{"enabled":true},"fileSystem":null}}""";

        var question = Read("item/permissions/requestApproval", Asked)!;

        AssertReply(question, ApprovalDecision.Accept, """{"permissions":{"network":{"enabled":true},"fileSystem":null},"scope":"turn"}""");
        AssertReply(
            question,
            ApprovalDecision.AcceptForSession,
            """{"permissions":{"network":{"enabled":true},"fileSystem":null},"scope":"session"}"""
        );
        AssertReply(question, ApprovalDecision.Decline, """{"permissions":{},"scope":"turn"}""");
    }

    [Theory]
    [InlineData("""{"q1":"A"}""", """{"answers":{"q1":{"answers":["A"]}}}""")]
    [InlineData("""{"q1":["A","B"],"q2":"x"}""", """{"answers":{"q1":{"answers":["A","B"]},"q2":{"answers":["x"]}}}""")]
    public void Questions_of_the_model_are_answered_by_their_ids(string content, string reply)
    {
        var question = Read(
            "item/tool/requestUserInput",
            """{"itemId":"call_t4","questions":[{"id":"q1","question":"Which?","options":null},{"id":"q2","question":"And?"}]}"""
        )!;

        Assert.Equal((ApprovalKind.UserInput, "Which?\nAnd?"), (question.Kind, question.Reason));
        AssertReply(question, ApprovalDecision.Accept, reply, content);
        AssertReply(question, ApprovalDecision.Decline, """{"answers":{}}""");
    }

    [Fact]
    public void Codex_asks_about_a_tool_as_if_its_server_did()
    {
        var question = Read(
            Elicitation,
            """{"serverName":"e","mode":"form","message":"Allow it?","requestedSchema":{"type":"object","properties":{}}"""
                + ""","_meta":{"codex_approval_kind":"mcp_tool_call","tool_name":"ask","tool_params":{"a":1}}}"""
        )!;

        Assert.Equal((ApprovalKind.Tool, "Allow it?"), (question.Kind, question.Reason));
        Assert.Equal("""{"server":"e","tool":"ask","arguments":{"a":1}}""", question.Details);
        AssertReply(question, ApprovalDecision.Accept, """{"action":"accept","content":{}}""");
        AssertReply(question, ApprovalDecision.AcceptForSession, """{"action":"accept","content":{},"_meta":{"persist":"session"}}""");
        AssertReply(question, ApprovalDecision.Decline, """{"action":"decline"}""");
    }

    [Fact]
    public void A_server_s_own_question_is_answered_with_the_fields_of_its_form()
    {
        var question = Read(
            Elicitation,
            """{"serverName":"e","mode":"form","_meta":null,"message":"Your name?","requestedSchema":{"properties":{"name":{}}}}"""
        )!;

        Assert.Equal(ApprovalKind.Elicitation, question.Kind);
        Assert.Equal("""{"server":"e","schema":{"properties":{"name":{}}}}""", question.Details);
        AssertReply(question, ApprovalDecision.Accept, """{"action":"accept","content":{"name":"x"}}""", """{"name":"x"}""");
    }

    [Theory]
    [InlineData("item/tool/call")]
    [InlineData("attestation/generate")]
    public void What_no_person_can_answer_is_no_question(string method) => Assert.Null(Read(method, "{}"));

    [Fact]
    public void A_question_has_the_same_name_when_it_is_asked_again_and_another_than_those_of_other_turns()
    {
        Assert.Equal(ServerQuestion.IdOf(Turn, Json("7")), ServerQuestion.IdOf(Turn, Json("7")));
        Assert.NotEqual(ServerQuestion.IdOf(Turn, Json("7")), ServerQuestion.IdOf(Turn, Json("8")));
        Assert.NotEqual(ServerQuestion.IdOf(Turn, Json("7")), ServerQuestion.IdOf(TurnId.Parse("u"), Json("7")));
    }

    [Fact]
    public void A_line_feed_between_values_does_not_break_the_log_s_line_and_what_is_endless_is_left_out()
    {
        var question = Read(
            Elicitation,
            "{\"serverName\":\"e\",\"message\":\"m\",\"requestedSchema\":{\n\"a\":\r\n1},\"url\":\"" + new string('x', 300_000) + "\"}"
        )!;

        Assert.DoesNotContain('\n', question.Details!);
        Assert.Equal(("(too long)", true), (Json(question.Details!).GetProperty("url").GetString(), question.IsCut));
    }

    [Fact]
    public void Whatever_the_parameters_are_nothing_throws() =>
        Prop.ForAll(ArbMap.Default.ArbFor<string>(), IsAnswered).Check(Config.QuickThrowOnFailure);

    private static bool IsAnswered(string? text)
    {
        var json = JsonSerializer.Serialize(text ?? "");
        string[] methods = [Command, Elicitation, "item/tool/requestUserInput", FileChange];
        return methods.All(method =>
            new[] { json, $"[{json}]", $$"""{"itemId":{{json}},"questions":{{json}},"_meta":[{{json}}]}""" }.All(parameters =>
                Read(method, parameters) is { } question
                && ServerReply.Of(question, new ApprovalAnswer(ApprovalDecision.Accept, json)).Count > 0
            )
        );
    }

    private static ApprovalQuestion? Read(string method, string parameters, string? changes = null) =>
        ServerQuestion.Read(ServerQuestion.IdOf(Turn, Json("0")), method, Json(parameters), changes);

    private static JsonElement[] Changes(ApprovalQuestion question) => [.. Json(question.Details!).GetProperty("changes").EnumerateArray()];

    private static void AssertReply(ApprovalQuestion question, ApprovalDecision decision, string reply, string? content = null) =>
        Assert.Equal(reply, ServerReply.Of(question, new ApprovalAnswer(decision, content)).ToJsonString());

    private static JsonElement Json(string text)
    {
        using var document = JsonDocument.Parse(text);
        return document.RootElement.Clone();
    }
}
