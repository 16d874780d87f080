using System.Text.Json.Nodes;
using System.Threading.Channels;
using Akka.Actor;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;
using Plexum.Codex.Requests;
using Plexum.Codex.Tools.Connections;
using Plexum.Codex.Turns;
using Xunit;

namespace Plexum.Codex.Tools;

public sealed class ToolBridgeSpecs : BridgeTestKit
{
    [Fact]
    public async Task The_tools_of_the_turn_are_listed_as_the_host_gives_them()
    {
        Open(Get, List, new ToolDefinition("odd", "Odd.", """{"properties":{}}"""), new ToolDefinition("bad", null, "no JSON"));

        await using var client = await ConnectAsync();
        var tools = await client.ListToolsAsync().AsTask().WithinLimit();

        Assert.Equal(["get", "list", "odd", "bad"], tools.Select(tool => tool.Name));
        Assert.Equal(("Gets.", """{"type":"object","required":["key"]}"""), (tools[0].Description, tools[0].JsonSchema.GetRawText()));
        Assert.Equal("""{"type":"object","properties":{}}""", tools[2].JsonSchema.GetRawText());
        Assert.All(tools, tool => Assert.Equal("object", tool.JsonSchema.GetProperty("type").GetString()));
    }

    [Fact]
    public async Task A_call_reaches_the_host_with_codex_s_id_and_its_answer_the_model()
    {
        Open(Get);
        await using var client = await ConnectAsync();
        var request = new CallToolRequestParams
        {
            Name = "get",
            Arguments = new Dictionary<string, System.Text.Json.JsonElement>
            {
                ["key"] = System.Text.Json.JsonDocument.Parse("[1,\"ü\"]").RootElement,
            },
            Meta = new() { ["callId"] = "call_7" },
        };

        var result = client.CallToolAsync(request).AsTask();
        var call = ExpectCall();
        Bridge.Tell(
            new ToolBridgeProtocol.ToolAnswered(
                Turn,
                "call_7",
                [new ToolContent.Text("a value"), new ToolContent.Image("image/png", "iVBORw0KGgo=")]
            ),
            Handler.Ref
        );

        Assert.Equal((Alice, Turn, "call_7", "get"), (call.AgentId, call.TurnId, call.CallId, call.Name));
        Assert.Equal("ü", System.Text.Json.JsonDocument.Parse(call.Arguments).RootElement.GetProperty("key")[1].GetString());
        var content = (await result.WithinLimit()).Content;
        Assert.Equal("a value", Assert.IsType<TextContentBlock>(content[0]).Text);
        Assert.Equal(8, Assert.IsType<ImageContentBlock>(content[1]).DecodedData.Length);
    }

    [Fact]
    public async Task What_cannot_be_called_is_an_error_that_the_model_can_read()
    {
        Open(Get);
        await using var client = await ConnectAsync();

        Assert.Equal("There is no tool put in this turn; there are get.", await CallAsync(client, "put", true));
        Assert.Contains("[\"key\"] are not present", await CallAsync(client, "get", true, ("name", "x")), StringComparison.Ordinal);
        Handler.ExpectNoMsg(TimeSpan.Zero);
    }

    [Fact]
    public async Task Calls_of_a_tool_whose_schema_cannot_be_used_reach_the_host_and_the_log_tells_why_once()
    {
        Open(Get with { InputSchema = """{"type":"object","$ref":"http://127.0.0.1:1/schema"}""" });
        var log = CreateTestProbe();
        Sys.EventStream.Subscribe(log.Ref, typeof(Akka.Event.Warning));
        await using var client = await ConnectAsync();

        foreach (var name in new[] { "first", "second" })
        {
            var text = CallAsync(client, "get", false, ("name", name));
            var call = ExpectCall();
            Assert.Contains(name, call.Arguments, StringComparison.Ordinal);
            Answer(call, name);
            Assert.Equal(name, await text);
        }

        Assert.Contains("Could not resolve", log.ExpectMsg<Akka.Event.Warning>(Limits.Wait).Message.ToString(), StringComparison.Ordinal);
        log.ExpectNoMsg(TimeSpan.Zero);
    }

    [Theory]
    [InlineData("[1]", "an array")]
    [InlineData("\"key\"", "a string")]
    [InlineData("7", "a number")]
    [InlineData("false", "true or false")]
    [InlineData("null", "null")]
    public async Task Arguments_that_are_no_object_are_an_error_that_the_model_can_read(string arguments, string name)
    {
        Open(Get, List);
        await using var client = await ConnectAsync();
        var request = new JsonRpcRequest
        {
            Method = RequestMethods.ToolsCall,
            Params = JsonNode.Parse($"{{\"name\":\"list\",\"arguments\":{arguments}}}"),
        };

        var result = (await client.SendRequestAsync(request).WithinLimit()).Result!;

        Assert.True((bool)result["isError"]!);
        Assert.Contains($"must be a JSON object, not {name}.", (string)result["content"]![0]!["text"]!, StringComparison.Ordinal);
        Handler.ExpectNoMsg(TimeSpan.Zero);
    }

    [Fact]
    public async Task A_call_without_arguments_has_none()
    {
        Open(List);
        await using var client = await ConnectAsync();
        var request = new JsonRpcRequest { Method = RequestMethods.ToolsCall, Params = JsonNode.Parse("{\"name\":\"list\"}") };

        var result = client.SendRequestAsync(request);
        var call = ExpectCall();
        Answer(call, "done");

        Assert.Equal("{}", call.Arguments);
        Assert.Equal("done", (string)(await result.WithinLimit()).Result!["content"]![0]!["text"]!);
    }

    [Fact]
    public async Task A_tool_that_fails_is_an_error_with_the_host_s_words()
    {
        Open(List);
        await using var client = await ConnectAsync();

        var result = CallAsync(client, "list", true);
        Answer(ExpectCall(), "The disk is full.", isError: true);

        Assert.Equal("The disk is full.", await result);
    }

    [Fact]
    public async Task A_tool_that_gives_no_answer_is_abandoned_when_its_time_is_over()
    {
        Open(List);
        await using var client = await ConnectAsync();
        var result = CallAsync(client, "list", true);
        var call = ExpectCall();

        Clock.Advance(Settings.Tools.CallTimeout);

        Assert.Contains("no answer within 300 seconds", await result, StringComparison.Ordinal);
        Assert.Equal(call.CallId, Handler.ExpectMsg<ToolBridgeProtocol.CallGivenUp>().CallId);
        Answer(call, "too late");
        Answer(call, "too late");
        var next = CallAsync(client, "list", false);
        Answer(ExpectCall(), "in time");
        Assert.Equal("in time", await next);
    }

    [Fact]
    public async Task A_host_that_goes_does_not_leave_the_model_waiting()
    {
        Open(List);
        await using var client = await ConnectAsync();
        var waiting = CallAsync(client, "list", true);
        ExpectCall();

        Sys.Stop(Handler.Ref);

        Assert.Contains("the host that offers it is gone", await waiting, StringComparison.Ordinal);
        Assert.Contains("the host that offers it is gone", await CallAsync(client, "list", true), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_result_that_is_too_long_is_cut_and_says_so()
    {
        Open(List);
        await using var client = await ConnectAsync();

        var result = CallAsync(client, "list", false);
        Answer(ExpectCall(), new string('ü', 10 * 1024 * 1024));

        var text = await result;
        Assert.EndsWith("ü\n[… cut by plexum-codex: the first 1048576 bytes of 20971520]", text, StringComparison.Ordinal);
        Assert.Equal(512 * 1024, text.Count(c => c == 'ü'));
    }

    [Fact]
    public async Task Tools_that_change_during_the_turn_are_reported_and_are_the_ones_that_count()
    {
        Open(Get);
        var told = Channel.CreateUnbounded<bool>();
        var options = new McpClientOptions
        {
            Handlers = new McpClientHandlers
            {
                NotificationHandlers =
                [
                    new(NotificationMethods.ToolListChangedNotification, async (_, token) => await told.Writer.WriteAsync(true, token)),
                ],
            },
        };
        await using var client = await ConnectAsync(options);
        Assert.Equal(["get"], (await client.ListToolsAsync().AsTask().WithinLimit()).Select(tool => tool.Name));

        Bridge.Tell(new ToolBridgeProtocol.ChangeTools(Turn, [List]));

        Assert.True(await told.Reader.ReadAsync().AsTask().WithinLimit());
        Assert.Equal(["list"], (await client.ListToolsAsync().AsTask().WithinLimit()).Select(tool => tool.Name));
        Assert.Contains("there are list", await CallAsync(client, "get", true, ("key", "x")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_end_of_a_turn_ends_its_connections_calls_and_token()
    {
        Open(List);
        var socket = await HelloAsync();
        await using var client = await ConnectAsync();
        var waiting = client.CallToolAsync("list").AsTask();
        var call = ExpectCall();

        Bridge.Tell(new ToolBridgeProtocol.CloseTurn(Turn));

        Assert.Equal("", await RestAsync(socket));
        Assert.Equal(call.CallId, Handler.ExpectMsg<ToolBridgeProtocol.CallGivenUp>().CallId);
        // The answer to the call may get out before the connection is closed.
        await Task.WhenAny(waiting).WithinLimit();
        Assert.True(!waiting.IsCompletedSuccessfully || (await waiting).IsError is true);
        Eventually(() => Assert.False(File.Exists(SocketPath)));

        Turn = TurnId.Parse("turn-2");
        Open(ToolToken.New(), List);
        using var late = await HelloAsync();
        Assert.Equal("", await RestAsync(late));
        socket.Dispose();
    }

    [Fact]
    public async Task A_turn_opens_anew_where_a_dead_program_has_left_its_socket()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(SocketPath)!);
        await File.WriteAllTextAsync(SocketPath, "left behind");

        Open(List);

        await using var client = await ConnectAsync();
        Assert.Single(await client.ListToolsAsync().AsTask().WithinLimit());
        Assert.Equal(
            UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute,
            File.GetUnixFileMode(Path.GetDirectoryName(SocketPath)!)
        );
    }

    [Fact]
    public void A_socket_that_cannot_be_made_is_reported_with_its_reason()
    {
        Directory.CreateDirectory(ProfileRoot);
        File.WriteAllText(Path.Combine(ProfileRoot, "run"), "no directory");
        var agent = CreateTestProbe();

        Bridge.Tell(new ToolBridgeProtocol.OpenTurn(Turn, [List], Handler.Ref, Token, OwnRun), agent.Ref);

        Assert.NotNull(agent.ExpectMsg<ToolBridgeProtocol.TurnOpened>().Failure);
    }
}
