using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Plexum.Codex.Options;
using Plexum.Codex.Turns;
using Xunit;

namespace Plexum.Codex.Requests;

public class TurnRequestJsonSpecs
{
    private static readonly AgentId Agent = AgentId.Parse("ana");

    [Fact]
    public void A_whole_document_is_read()
    {
        var reading = Read(
            """
            {"workspace": "/w", "model": "gpt-5", "idempotency_key": "k1",
             "messages": [
               {"role": "system", "content": "be brief"},
               {"role": "user", "content": [{"type": "text", "text": "look"},
            """
                + """
                 {"type": "image", "media_type": "image/png", "base64": "AAAA"}]}],
                 "tools": [{"name": "send", "description": "sends", "inputSchema": {"type": "object", "properties": {}}}]}
                """
        );

        var request = Assert.IsType<TurnRequest>(reading.Request);
        Assert.Empty(reading.Problems);
        Assert.Empty(reading.Warnings);
        Assert.Equal(("k1", Agent, "/w", "gpt-5"), (reading.IdempotencyKey, request.AgentId, request.Workspace, request.Model));
        Assert.Equal([MessageRole.System, MessageRole.User], request.Messages.Select(message => message.Role));
        Assert.Equal([new ContentBlock.Text("look"), new ContentBlock.Image("image/png", "AAAA")], request.Messages[1].Content.ToArray());
        Assert.Equal([new ToolDefinition("send", "sends", """{"type":"object","properties":{}}""")], request.Tools.ToArray());
    }

    [Fact]
    public void Every_mistake_is_told_with_its_place()
    {
        var reading = Read(
            """
            {"workspace": 7, "idempotency_key": "", "messages": [
               {"role": "boss", "content": "x"}, 5, {"content": 1}, {"role": "user", "content": [{"type": 3}, {"type": "text"}]}],
             "tools": [{"name": "a", "inputSchema": []}, {"name": "a"}]}
            """
        );

        Assert.Null(reading.Request);
        Assert.Equal(
            [
                "workspace: must be a string; it is a number.",
                "messages[0].role: must be system, user, assistant or tool; it is \"boss\".",
                "messages[1]: must be an object; it is a number.",
                "messages[2]: has no \"role\"; give a string.",
                "messages[2].content: must be a string or a list of blocks; it is a number.",
                "messages[3].content[0].type: must be a string; it is a number.",
                "messages[3].content[1]: has no \"text\"; give a string.",
                "tools[0].inputSchema: must be a JSON schema, an object; it is a list.",
                "idempotency_key: must have 1 to 256 characters.",
                "tools: has two tools with the name \"a\"; names must differ.",
            ],
            reading.Problems.ToArray()
        );
    }

    [Fact]
    public void A_number_that_is_too_long_to_be_read_is_told_with_its_place_and_nothing_fails()
    {
        static TurnRequestReading WithDigits(int count) =>
            Read(
                """{"messages": [], "tools": [{"name": "a", "inputSchema": {"a": {"b": [0, 1]}}}]}""".Replace(
                    "1",
                    new string('1', count),
                    StringComparison.Ordinal
                )
            );

        var reading = WithDigits(381);

        Assert.Null(reading.Request);
        Assert.Equal(["tools[0].inputSchema.a.b[1]: is a number with too many digits."], reading.Problems.ToArray());
        Assert.NotNull(WithDigits(380).Request);
    }

    [Fact]
    public void A_time_limit_survives_the_ledger_and_is_one_that_can_be_waited_for()
    {
        var request = new TurnRequest(Agent, "/w", null, [TurnMessage.User("x")]) { Timeout = TimeSpan.FromSeconds(90) };

        Assert.Equal(request.Timeout, TurnRequestJson.Read(Agent, TurnRequestJson.Write(request)).Request!.Timeout);
        foreach (var wrong in new[] { "0", "-1", "1.5", "\"9\"", "2073600001", "99999999999999999999999" })
        {
            Assert.StartsWith(
                "timeout_ms: must be",
                Assert.Single(Read($"{{\"messages\": [], \"timeout_ms\": {wrong}}}").Problems),
                StringComparison.Ordinal
            );
        }
    }

    [Theory]
    [InlineData("{\"messages\": []", "The document is not valid JSON at line 1, position 16: ")]
    [InlineData("{\n  'messages': []}", "The document is not valid JSON at line 2, position 3: ")]
    [InlineData("{\"messages\": [],}", "The document is not valid JSON at line 1, position 17: ")]
    [InlineData("{\"messages\": []} 5", "The document is not valid JSON at line 1, position 18: ")]
    [InlineData("{\"messages\": [], \"messages\": []}", "The document is not valid JSON at line 1, position ")]
    [InlineData("// no\n{}", "The document is not valid JSON at line 1, position 1: ")]
    [InlineData("  ", "The document is empty; ")]
    [InlineData("[]", "The document is a list; ")]
    [InlineData("{}", "The document: has no \"messages\"; ")]
    public void What_is_no_such_document_is_refused_with_the_place(string document, string beginning) =>
        Assert.StartsWith(beginning, Assert.Single(Read(document).Problems), StringComparison.Ordinal);

    [Fact]
    public void Bytes_that_are_not_utf8_and_documents_too_deep_are_refused()
    {
        Assert.Single(TurnRequestJson.Read(Agent, new byte[] { (byte)'"', 0xC3, 0x28, (byte)'"' }).Problems);
        var deep = $"{{\"messages\": [], \"x\": {new string('[', 70)}{new string(']', 70)}}}";
        Assert.Contains("depth", Assert.Single(Read(deep).Problems), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void Half_of_a_surrogate_pair_is_marked_in_a_value_and_in_a_name()
    {
        var reading = Read("""{"messages": [{"role": "user", "content": "a\ud83d"}], "\ud83d": 1}""");

        Assert.Equal([new ContentBlock.Text("a\uFFFD")], Assert.IsType<TurnRequest>(reading.Request).Messages[0].Content.ToArray());
        Assert.Equal(["\uFFFD: is unknown and ignored."], reading.Warnings.AsEnumerable());
    }

    [Fact]
    public void Unknown_fields_and_blocks_are_passed_over_and_named()
    {
        var reading = Read(
            """{"colour": 1, "messages": [{"role": "user", "name": "x", "content": [{"type": "audio"}, {"type": "text", "text": "a"}]}]}"""
        );

        Assert.NotNull(reading.Request);
        Assert.Equal(
            [
                "messages[0].name: is unknown and ignored.",
                "messages[0].content[0].type: \"audio\" is not a type that codex supports; the block is ignored.",
                "colour: is unknown and ignored.",
            ],
            reading.Warnings.ToArray()
        );
    }

    [Theory]
    [InlineData("\"nothing\"", "sandbox: must be one of none, workspace-write, read-only, inherit, confined; it is \"nothing\".")]
    [InlineData("false", "sandbox: must be a string; it is true or false.")]
    public void A_sandbox_that_is_not_understood_is_refused_and_not_ignored(string value, string problem) =>
        Assert.Equal([problem], Read($"{{\"messages\": [], \"sandbox\": {value}}}").Problems.AsEnumerable());

    [Theory]
    [InlineData("backend", "\"warm\"", "backend: must be one of auto, exec, app-server; it is \"warm\".")]
    [InlineData("approvals", "\"always\"", "approvals: must be one of never, on-request, untrusted; it is \"always\".")]
    [InlineData("effort", "\"Very high\"", "effort: must be a word of codex such as low, medium or high; it is \"Very high\".")]
    [InlineData("effort", "3", "effort: must be a string; it is a number.")]
    [InlineData("developer_instructions", "[]", "developer_instructions: must be a string; it is a list.")]
    [InlineData("output_schema", "\"{}\"", "output_schema: must be a JSON schema, an object; it is a string.")]
    [InlineData("output_schema", """{"maximum": 1e999}""", "output_schema.maximum: is a number that is too large.")]
    public void An_option_that_is_not_understood_is_refused_and_not_ignored(string name, string value, string problem) =>
        Assert.Equal([problem], Read($"{{\"messages\": [], \"{name}\": {value}}}").Problems.AsEnumerable());

    [Fact]
    public void Instructions_that_are_no_argument_of_a_program_are_refused()
    {
        Assert.Empty(Read($$"""{"messages": [], "developer_instructions": "{{new string('a', 16384)}}"}""").Problems);
        Assert.Single(Read($$"""{"messages": [], "developer_instructions": "{{new string('a', 16385)}}"}""").Problems);
        Assert.Single(Read("""{"messages": [], "developer_instructions": "a\u0000"}""").Problems);
    }

    [Theory]
    [InlineData("true", true)]
    [InlineData("false", false)]
    [InlineData("null", false)]
    public void A_turn_begins_a_new_thread_if_it_is_asked_to(string value, bool expected) =>
        Assert.Equal(expected, Read($"{{\"messages\": [], \"new_thread\": {value}}}").Request!.NewThread);

    [Fact]
    public void A_new_thread_that_is_asked_for_in_other_words_is_refused_and_not_ignored() =>
        Assert.Equal(
            ["new_thread: must be true or false; it is a string."],
            Read("""{"messages": [], "new_thread": "yes"}""").Problems.AsEnumerable()
        );

    [Fact]
    public void A_document_of_mistakes_gets_an_answer_of_bounded_length()
    {
        var reading = Read($"{{\"messages\": [{string.Join(',', Enumerable.Repeat("1", 100_000))}]}}");
        Assert.Equal(20, reading.Problems.Length);
        Assert.Equal("There are more problems than are listed here.", reading.Problems[^1]);
    }

    [Fact]
    public void What_is_written_is_read_as_the_same()
    {
        var text = ArbMap
            .Default.GeneratorFor<NonNull<string>>()
            .Select(value => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(value.Get)));
        var some = Gen.OneOf(text.Select(value => (string?)value), Gen.Constant<string?>(null));
        var image =
            from mediaType in some
            from base64 in some
            from path in some
            select (ContentBlock)new ContentBlock.Image(mediaType, base64, path);
        var block = Gen.OneOf(
            text.Select(ContentBlock (value) => new ContentBlock.Text(value)),
            image,
            text.Select(ContentBlock (value) => new ContentBlock.Other("x-" + value))
        );
        var message =
            from role in Gen.Elements(Enum.GetValues<MessageRole>())
            from content in block.ListOf()
            select new TurnMessage(role, [.. content]);
        var request =
            from workspace in some
            from model in some
            from messages in message.ListOf()
            from anew in Gen.Elements(true, false)
            from sandbox in Gen.Elements<CodexSandbox?>([null, .. Enum.GetValues<CodexSandbox>()])
            from backend in Gen.Elements<BackendKind?>([null, .. Enum.GetValues<BackendKind>()])
            from approvals in Gen.Elements<ApprovalPolicy?>([null, .. Enum.GetValues<ApprovalPolicy>()])
            from instructions in some
            select new TurnRequest(Agent, workspace, model, [.. messages])
            {
                Options = new TurnOptions
                {
                    Backend = backend,
                    Approvals = approvals,
                    Effort = anew ? "high" : null,
                    DeveloperInstructions = instructions?.Replace("\0", "", StringComparison.Ordinal),
                    OutputSchema = anew ? """{"type":"object"}""" : null,
                },
                Tools = workspace is null ? [] : [new ToolDefinition("t", model, """{"type":"object"}""")],
                NewThread = anew,
                Sandbox = sandbox,
            };

        Prop.ForAll(request.ToArbitrary(), before =>
            {
                var reading = TurnRequestJson.Read(Agent, TurnRequestJson.Write(before, "key"));
                Assert.Empty(reading.Problems);
                Assert.Equal("key", reading.IdempotencyKey);
                Assert.Equal(TurnRequestJson.Write(before), TurnRequestJson.Write(reading.Request!));
                Assert.Equal(before.Messages.SelectMany(m => m.Content), reading.Request!.Messages.SelectMany(m => m.Content));
                Assert.Equal(before.Messages.Select(m => m.Role), reading.Request.Messages.Select(m => m.Role));
                Assert.Equal(before.Tools.ToArray(), reading.Request.Tools.ToArray());
                Assert.Equal((before.Workspace, before.Model), (reading.Request.Workspace, reading.Request.Model));
                Assert.Equal((before.NewThread, before.Sandbox), (reading.Request.NewThread, reading.Request.Sandbox));
                Assert.Equal(before.Options, reading.Request.Options);
            })
            .QuickCheckThrowOnFailure();
    }

    private static TurnRequestReading Read(string document) => TurnRequestJson.Read(Agent, Encoding.UTF8.GetBytes(document));
}
