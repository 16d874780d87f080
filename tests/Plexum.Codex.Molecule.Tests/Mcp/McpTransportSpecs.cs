using System.Text.Json.Nodes;
using Plexum.Codex.Molecule.Platform;
using Plexum.Codex.TestSupport.Molecule;

namespace Plexum.Codex.Molecule.Mcp;

/// <summary>The way over molecule-mcp, with real processes that behave like it.</summary>
public sealed class McpTransportSpecs : IAsyncLifetime, IAsyncDisposable
{
    private const string NotEnabled =
        "text Error: inbox polling is not enabled in this runtime. The standalone molecule-mcp wrapper activates it; …";

    private readonly FakeMoleculeStage _stage = new();
    private readonly List<McpTransport> _made = [];

    public Task InitializeAsync() => Task.CompletedTask;

    Task IAsyncLifetime.DisposeAsync() => DisposeAsync().AsTask();

    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(_made.Select(tools => tools.DisposeAsync().AsTask()));
        Assert.Empty(_stage.Running());
        _stage.Dispose();
    }

    [Fact]
    public async Task Messages_behind_one_that_is_not_popped_are_handed_out_and_none_twice()
    {
        var tools = Make();
        var first = _stage.Write("one");
        var one = Assert.Single(await tools.WaitForMessagesAsync(Limits.Wait, default));
        Assert.Equal(new InboundMessage(first, "canvas_user", "", "one", "message/send"), one);
        var second = _stage.Write("two", FakeMoleculeStage.Peer);
        var two = Assert.Single(await tools.WaitForMessagesAsync(Limits.Wait, default));
        Assert.Equal(new InboundMessage(second, "peer_agent", FakeMoleculeStage.Peer, "two", "message/send"), two);

        Assert.Empty(await tools.WaitForMessagesAsync(TimeSpan.Zero, default));
        await tools.PopAsync(first, default);
        await tools.PopAsync(first, default);
        await tools.PopAsync(second, default);

        Assert.Empty(await tools.WaitForMessagesAsync(TimeSpan.Zero, default));
        var third = _stage.Write("three");
        Assert.Equal(third, Assert.Single(await tools.WaitForMessagesAsync(Limits.Wait, default)).ActivityId);
        Assert.Single(_stage.Starts(inbox: true));
    }

    [Fact]
    public async Task While_a_message_is_open_the_server_is_asked_once_a_second_and_not_for_ever_at_once()
    {
        var time = new ManualTime();
        var tools = Make(time);
        _stage.Write("one");
        Assert.Single(await tools.WaitForMessagesAsync(Limits.Wait, default));

        var waiting = tools.WaitForMessagesAsync(TimeSpan.FromHours(1), default);
        await _stage.UntilAsync(stage => stage.Calls("inbox_peek").Count() == 2);
        await _stage.UntilAsync(_ => time.HasTimerWithin(TimeSpan.FromSeconds(1)));
        _stage.Write("two");
        Assert.Equal(2, _stage.Calls("inbox_peek").Count());
        time.Advance(TimeSpan.FromSeconds(1));
        await _stage.UntilAsync(stage => stage.Calls("inbox_peek").Count() == 3);
        while (!waiting.IsCompleted)
        {
            // The poller may not have seen the row yet.
            await _stage.UntilAsync(_ => waiting.IsCompleted || time.HasTimerWithin(TimeSpan.FromSeconds(1)));
            time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Equal("two", Assert.Single(await waiting).Text);
    }

    [Fact]
    public async Task Replies_go_to_the_user_and_to_the_peer_through_processes_without_an_inbox()
    {
        var tools = Make();

        await tools.SendMessageToUserAsync("workspace-a", "To you.", "m1", default);
        await tools.DelegateTaskAsync(FakeMoleculeStage.Peer, "To the peer.", FakeMoleculeStage.Workspace, "m2", default);

        Assert.Equal(
            [
                """{"message":"To you.","workspace_id":"workspace-a"}""",
                $$"""{"workspace_id":"{{FakeMoleculeStage.Peer}}","task":"To the """
                    + $$"""peer.","source_workspace_id":"{{FakeMoleculeStage.Workspace}}"}""",
            ],
            _stage.Delivered.Select(record => record["arguments"]!.ToJsonString())
        );
        Assert.Empty(_stage.Starts(inbox: true));
        Assert.All(_stage.Starts(inbox: false), start =>
            Assert.Contains("MOLECULE_MCP_DISABLE_HEARTBEAT", start["env"]!.AsArray().Select(name => (string)name!))
        );
    }

    [Theory]
    [InlineData("Error: platform returned 500")]
    [InlineData("PERMISSION DENIED: RBAC: this role may not approve")]
    [InlineData("Unknown tool: send_message_to_user")]
    [InlineData("All is well, I think")]
    public async Task A_failure_that_is_told_by_a_text_is_a_failure_of_a_reply_to_the_user(string text)
    {
        var tools = Make();
        _stage.Fault("send_message_to_user", "text " + text);

        var problem = await Assert.ThrowsAnyAsync<PlatformException>(() => tools.SendMessageToUserAsync("w", "secret words", "m", default));

        Assert.IsType<PlatformException>(problem);
        Assert.Contains(text, problem.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret words", problem.Message, StringComparison.Ordinal);
        await tools.SendMessageToUserAsync("w", "again", "m", default);
        Assert.Equal("again", (string)Assert.Single(_stage.Delivered)["arguments"]!["message"]!);
    }

    [Theory]
    [InlineData("DELEGATION FAILED to Bob: [A2A_ERROR] no answer. Try another peer.", typeof(PlatformException))]
    [InlineData("PERMISSION DENIED: RBAC: this role may not delegate", typeof(PlatformException))]
    [InlineData("Error: workspace x not found or not accessible (check access control)", typeof(PlatformException))]
    [InlineData("Error: cannot delegate_task to your own workspace", typeof(DeliveryRefusedException))]
    [InlineData("[A2A_QUEUED] Bob is busy; it is delivered later.", null)]
    [InlineData("[A2A_RESULT_FROM_PEER]\nError: I am only quoted\n[/A2A_RESULT_FROM_PEER]", null)]
    public async Task What_delegate_task_answers_is_a_failure_or_not_by_its_first_words(string text, Type? problem)
    {
        var tools = Make();
        _stage.Fault("delegate_task", "text " + text.ReplaceLineEndings(" "));

        var thrown = await Record.ExceptionAsync(() => tools.DelegateTaskAsync(FakeMoleculeStage.Peer, "x", "w", "m", default));

        Assert.Equal(problem, thrown?.GetType());
    }

    [Fact]
    public async Task A_user_who_takes_no_messages_is_told_apart()
    {
        var tools = Make();
        _stage.Fault("send_message_to_user", "text Error: talk-to-user is disabled for this workspace (talk_to_user_disabled)");

        await Assert.ThrowsAsync<DeliveryRefusedException>(() => tools.SendMessageToUserAsync("w", "x", "m", default));
    }

    [Theory]
    [InlineData("wait_for_message")]
    [InlineData("inbox_peek")]
    [InlineData("inbox_pop")]
    public async Task A_server_without_an_inbox_is_refused_loudly(string tool)
    {
        var tools = Make();
        var id = _stage.Write("one");
        _stage.Fault(tool, "always " + NotEnabled);

        var problem = await Assert.ThrowsAsync<PlatformRefusedException>(async () =>
        {
            await tools.WaitForMessagesAsync(Limits.Wait, default);
            await tools.PopAsync(id, default);
        });

        Assert.Contains("MOLECULE_MCP_DISABLE_INBOX", problem.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("exit 3 register answered 401", typeof(PlatformRefusedException), "register answered 401")]
    [InlineData("exit 2 PLATFORM_URL is not set", typeof(PlatformRefusedException), "is missing an environment variable")]
    [InlineData("exit 1 Traceback with " + FakeMoleculeStage.Token, typeof(PlatformUnavailableException), "Traceback with (token)")]
    public async Task The_exit_code_of_a_server_that_does_not_start_says_what_is_wrong(string fault, Type type, string says)
    {
        var tools = Make();
        _stage.Fault("start", fault);

        var problem = await Assert.ThrowsAnyAsync<PlatformException>(() => tools.WaitForMessagesAsync(Limits.Wait, default));

        Assert.Equal(type, problem.GetType());
        Assert.Contains(says, problem.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(FakeMoleculeStage.Token, problem.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("die")]
    [InlineData("throw boom")]
    public async Task A_server_that_ends_in_a_call_is_started_anew_but_not_at_once(string fault)
    {
        var time = new ManualTime();
        var tools = Make(time);
        _stage.Fault("send_message_to_user", fault, fault);

        var first = await Assert.ThrowsAsync<PlatformUnavailableException>(() => tools.SendMessageToUserAsync("w", "x", "m", default));
        var second = await Assert.ThrowsAsync<PlatformUnavailableException>(() => tools.SendMessageToUserAsync("w", "x", "m", default));
        Assert.Contains("exited with code", first.Message, StringComparison.Ordinal);
        Assert.Equal(TimeSpan.FromSeconds(1), second.RetryAfter);
        Assert.Single(_stage.Starts(inbox: false));
        time.Advance(TimeSpan.FromSeconds(1));
        await Assert.ThrowsAsync<PlatformUnavailableException>(() => tools.SendMessageToUserAsync("w", "x", "m", default));
        Assert.Equal(
            TimeSpan.FromSeconds(2),
            (await Assert.ThrowsAsync<PlatformUnavailableException>(() => tools.SendMessageToUserAsync("w", "x", "m", default))).RetryAfter
        );
        time.Advance(TimeSpan.FromSeconds(2));

        await tools.SendMessageToUserAsync("w", "x", "m", default);

        Assert.Single(_stage.Delivered);
        Assert.Equal(3, _stage.Starts(inbox: false).Count());
    }

    [Fact]
    public async Task A_delegation_that_hangs_holds_up_only_itself()
    {
        var tools = Make();
        _stage.Fault("delegate_task", "hold answered");
        var id = _stage.Write("one");
        var slow = tools.DelegateTaskAsync(FakeMoleculeStage.Peer, "slow", "w", "m1", default);
        await _stage.UntilAsync(stage => stage.Calls("delegate_task").Any());

        Assert.Single(await tools.WaitForMessagesAsync(Limits.Wait, default));
        await tools.DelegateTaskAsync(FakeMoleculeStage.Peer, "quick", "w", "m2", default);
        await tools.SendMessageToUserAsync("w", "quick too", "m3", default);
        await tools.PopAsync(id, default);

        Assert.False(slow.IsCompleted);
        _stage.Touch("answered");
        await slow;
        Assert.Equal(3, _stage.Delivered.Count());
    }

    [Fact]
    public async Task What_a_dead_server_had_fetched_is_fetched_again_and_handed_out_once()
    {
        var tools = Make();
        var (first, second) = (_stage.Write("one"), _stage.Write("two"));
        await TakeAsync(tools, 2);
        await tools.PopAsync(first, default);
        _stage.Fault("inbox_pop", "die");
        await Assert.ThrowsAsync<PlatformUnavailableException>(() => tools.PopAsync(second, default));
        var third = _stage.Write("three");

        Assert.Equal(third, Assert.Single(await AgainAsync(() => tools.WaitForMessagesAsync(Limits.Wait, default))).ActivityId);
        await tools.PopAsync(second, default);
        await tools.PopAsync(third, default);

        // Another daemon begins behind what is popped.
        await tools.DisposeAsync();
        var fourth = _stage.Write("four");
        Assert.Equal(fourth, Assert.Single(await Make().WaitForMessagesAsync(Limits.Wait, default)).ActivityId);
    }

    [Fact]
    public async Task A_message_that_was_handed_out_and_not_popped_comes_again_after_a_restart()
    {
        var tools = Make();
        var (first, second, third) = (_stage.Write("one"), _stage.Write("two"), _stage.Write("three"));
        await TakeAsync(tools, 3);
        await tools.PopAsync(first, default);
        await tools.PopAsync(third, default);
        await tools.DisposeAsync();

        var again = await TakeAsync(Make(), 2);

        Assert.Equal([second, third], again.Select(message => message.ActivityId));
    }

    [Fact]
    public async Task Garbage_between_the_answers_and_rows_without_an_id_disturb_nobody()
    {
        var tools = Make();
        _stage.WriteRaw("""{"text":"no id","kind":"canvas_user"}""");
        _stage.Fault(
            "notify",
            "garbage this is no JSON",
            """garbage {"jsonrpc":"2.0","id":null,"error":{"code":-32601,"message":"x"}}""",
            "garbage [1,2"
        );
        _stage.Fault("send_message_to_user", """garbage {"half":""");
        var id = _stage.Write("with id");

        Assert.Equal(id, Assert.Single(await TakeAsync(tools, 1)).ActivityId);
        await tools.SendMessageToUserAsync("w", "x", "m", default);
        await tools.PopAsync(id, default);

        Assert.Single(_stage.Starts(inbox: true));
        Assert.Single(_stage.Delivered);
    }

    [Fact]
    public async Task Half_a_character_in_a_text_is_shown_as_unknown_and_holds_up_nothing()
    {
        var tools = Make();
        _stage.Fault("wait_for_message", """text {"activity_id":"a1","text":"half \ud800 of it"}""");
        _stage.Fault("inbox_peek", """text [{"activity_id":"a1","text":"half \ud800 of it","kind":"canvas_user"}]""");
        _stage.Fault("delegate_task", """raw {"jsonrpc":"2.0","id":ID,"result":{"content":[{"type":"text","text":"thanks \ud800"}]}}""");

        Assert.Equal("half \uFFFD of it", Assert.Single(await tools.WaitForMessagesAsync(Limits.Wait, default)).Text);
        await tools.DelegateTaskAsync(FakeMoleculeStage.Peer, "x", "w", "m", default);
    }

    [Fact]
    public async Task A_server_that_answers_with_structured_content_alone_is_understood()
    {
        var tools = Make();
        const string Message = """{"activity_id":"a1","text":"half \ud800 of it","kind":"canvas_user","\udc00":1}""";
        _stage.Fault("wait_for_message", """raw {"jsonrpc":"2.0","id":ID,"result":{"content":[],"structuredContent":""" + Message + "}}");
        _stage.Fault(
            "inbox_peek",
            """raw {"jsonrpc":"2.0","id":ID,"result":{"content":[],"structuredContent":{"result":[""" + Message + "]}}}"
        );
        _stage.Fault(
            "send_message_to_user",
            """raw {"jsonrpc":"2.0","id":ID,"result":{"content":[],"structuredContent":{"result":"Message sent to user"}}}"""
        );
        _stage.Fault(
            "delegate_task",
            """raw {"jsonrpc":"2.0","id":ID,"result":{"content":[],"structuredContent":{"why":"no room"},"isError":true}}"""
        );

        Assert.Equal("half \uFFFD of it", Assert.Single(await tools.WaitForMessagesAsync(Limits.Wait, default)).Text);
        await tools.SendMessageToUserAsync("w", "x", "m", default);
        var failure = await Assert.ThrowsAsync<PlatformException>(() =>
            tools.DelegateTaskAsync(FakeMoleculeStage.Peer, "x", "w", "m", default)
        );
        Assert.Contains("no room", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_long_text_gets_through_both_ways()
    {
        var tools = Make();
        var text = new string('ä', 300_000);
        _stage.Write(text);

        Assert.Equal(text, Assert.Single(await tools.WaitForMessagesAsync(Limits.Wait, default)).Text);
        await tools.SendMessageToUserAsync("w", text, "m", default);

        Assert.Equal(text, (string)Assert.Single(_stage.Delivered)["arguments"]!["message"]!);
    }

    private McpTransport Make(TimeProvider? time = null)
    {
        var tools = new McpTransport(_stage.Program, time ?? TimeProvider.System);
        _made.Add(tools);
        return tools;
    }

    // The poller may see rows one after the other.
    private static async Task<List<InboundMessage>> TakeAsync(McpTransport tools, int count)
    {
        var messages = new List<InboundMessage>();
        while (messages.Count < count)
        {
            var next = await tools.WaitForMessagesAsync(Limits.Wait, default);
            Assert.NotEmpty(next);
            messages.AddRange(next);
        }

        return messages;
    }

    // A server that has died is left alone for a while.
    private static async Task<T> AgainAsync<T>(Func<Task<T>> work)
    {
        while (true)
        {
            try
            {
                return await work();
            }
            catch (PlatformUnavailableException e) when (e.RetryAfter is { } pause)
            {
                await Task.Delay(pause);
            }
        }
    }
}
