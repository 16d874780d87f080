using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Plexum.Codex.Gateway;
using Plexum.Codex.LoopbackModel.Requests;
using Plexum.Codex.Options;
using Plexum.Codex.Requests;
using Plexum.Codex.Threads;
using Plexum.Codex.Turns;

namespace Plexum.Codex.EndToEnd;

/// <summary>Consumed calls as the real codex shows them to the model, and its own readers after a consume.</summary>
public sealed class ConsumeSpecs(LoopbackModelFixture model) : IClassFixture<LoopbackModelFixture>
{
    [Theory]
    [EachBackend]
    public async Task The_model_gets_markers_for_what_was_consumed_and_all_else_as_before(BackendKind backend)
    {
        await using var rig = new CodexRig(model.Server, backend);
        NotesServer.AddTo(rig);
        var thread = (
            await rig.SayAsync("!run echo from-the-shell\n!mcp notes get {\"key\":\"k1\"}\n!run echo kept\n!run echo light\n!say done")
        )
            .Said("done")
            .Thread;
        (await rig.SayAsync("before")).Succeeded();
        var before = model.Server.RequestsOf(thread)[^1].Input;
        var calls = CallsIn(before);
        var readersBefore = await ReadThreadAsync(rig, thread);
        var length = new FileInfo(rig.RolloutsOf(thread).Single()).Length;

        Assert.Equal((2, 3), Counts(await rig.ConsumeAsync(CallToConsume.Heavy, calls[0], calls[1], "call_nobody_made")));
        Assert.Equal((1, 1), Counts(await rig.ConsumeAsync(CallToConsume.Light, calls[3])));

        Assert.Equal(length, new FileInfo(rig.RolloutsOf(thread).Single()).Length);
        Assert.Equal(readersBefore, await ReadThreadAsync(rig, thread));
        Assert.Equal(thread, (await rig.SayAsync("after")).Said("after").Thread);
        var after = model.Server.RequestsOf(thread)[^1].Input;
        Assert.Equal(
            before.Select(item => Expected(item, heavy: [calls[0]!, calls[1]!], light: [calls[3]!])),
            after.Take(before.Count).Select(item => item.Json.GetRawText())
        );
        Assert.Equal(["after"], after.Skip(before.Count).Where(item => item.Role == "user").Select(item => item.Text));
    }

    [Theory]
    [EachBackend]
    public async Task Codex_still_forks_a_consumed_thread_at_the_ends_of_its_turns(BackendKind backend)
    {
        await using var rig = new CodexRig(model.Server, backend);
        var thread = (await rig.SayAsync("!run echo one\n!say one")).Thread;
        await rig.SayAsync("!run echo two\n!say two");
        await rig.SayAsync("three");
        Assert.Equal((2, 2), Counts(await rig.ConsumeAsync(CallToConsume.Heavy, CallsIn(model.Server.RequestsOf(thread)[^1].Input))));

        await using var server = await LoadedServer.StartAsync(rig);
        var turns = (
            await server.AskAsync("thread/turns/list", new JsonObject { ["threadId"] = thread.ToString(), ["sortDirection"] = "asc" })
        ).GetProperty("data");
        var fork = await server.AskAsync(
            "thread/fork",
            new JsonObject { ["threadId"] = thread.ToString(), ["lastTurnId"] = turns[1].GetProperty("id").GetString() }
        );

        Assert.Equal(["completed", "completed", "completed"], StatusesOf(turns));
        Assert.Equal(["completed", "completed"], StatusesOf(fork.GetProperty("thread").GetProperty("turns")));
    }

    [Theory]
    [EachBackend]
    public async Task A_consume_waits_for_the_running_turn(BackendKind backend)
    {
        await using var rig = new CodexRig(model.Server, backend);
        var thread = (await rig.SayAsync("!run echo first\n!say done")).Said("done").Thread;
        var first = CallsIn(model.Server.RequestsOf(thread)[^1].Input);
        var (ready, go) = (rig.File("ready"), rig.File("go"));
        var running = rig.Begin($"!run touch {ready}; while [ ! -e {go} ]; do sleep 0.05; done\n!say done");
        await Limits.UntilAsync(() => File.Exists(ready));

        var consume = rig.ConsumeAsync(CallToConsume.Heavy, first);
        Assert.False(consume.IsCompleted);
        Assert.DoesNotContain("...(tool called)", await File.ReadAllTextAsync(rig.RolloutsOf(thread).Single()), StringComparison.Ordinal);
        await File.WriteAllTextAsync(go, "");

        (await running.EndAsync()).Said("done");
        Assert.Equal((1, 1), Counts(await consume));
        await rig.SayAsync("next");
        Assert.Equal("...(tool called)", OutputsIn(model.Server.RequestsOf(thread)[^1].Input)[0]);
    }

    [Theory]
    [EachBackend]
    public async Task Ten_turns_with_consumes_between_them_stay_one_thread(BackendKind backend)
    {
        await using var rig = new CodexRig(model.Server, backend);
        ThreadId? thread = null;
        for (var number = 1; number <= 10; number++)
        {
            var text = string.Create(CultureInfo.InvariantCulture, $"{number}");
            var turn = (await rig.SayAsync($"!run echo output-{text}\n!say {text}")).Said(text);
            thread ??= turn.Thread;
            Assert.Equal(thread, turn.Thread);
            var last = model.Server.RequestsOf(thread)[^1].Input;
            Assert.Equal(Enumerable.Repeat("...(tool called)", number - 1), OutputsIn(last).SkipLast(1));
            Assert.Contains($"output-{text}", OutputsIn(last)[^1], StringComparison.Ordinal);

            Assert.Equal((1, 1), Counts(await rig.ConsumeAsync(CallToConsume.Heavy, CallsIn(last)[^1])));
        }

        await using var server = await LoadedServer.StartAsync(rig);
        var turns = await server.AskAsync("thread/turns/list", new JsonObject { ["threadId"] = thread.ToString(), ["itemsView"] = "full" });
        Assert.Equal(Enumerable.Repeat("completed", 10), StatusesOf(turns.GetProperty("data")));
    }

    [Theory]
    [EachBackend]
    public async Task An_output_that_is_shorter_than_the_marker_reaches_the_model_as_it_was(BackendKind backend)
    {
        await using var rig = new CodexRig(model.Server, backend);
        var thread = (await rig.SayAsync("!run echo one\n!say done")).Said("done").Thread;
        var rollout = rig.RolloutsOf(thread).Single();
        await File.WriteAllLinesAsync(rollout, (await File.ReadAllLinesAsync(rollout)).Select(WithShortOutput));

        var answer = Assert.IsType<ConsumeAnswer.Done>(
            await rig.ConsumeAsync(CallToConsume.Heavy, CallsIn(model.Server.RequestsOf(thread)[^1].Input))
        );

        Assert.Equal(1, answer.Result.Touched);
        Assert.Contains("shorter than its marker", Assert.Single(answer.Result.Warnings), StringComparison.Ordinal);
        await rig.SayAsync("next");
        var after = model.Server.RequestsOf(thread)[^1].Input;
        Assert.Equal(["ok"], OutputsIn(after));
        Assert.Equal("{}", after.Single(item => item.Type == "function_call").Arguments);
    }

    [Theory]
    [EachBackend]
    public async Task What_a_killed_consume_leaves_disturbs_neither_codex_nor_the_next_consume(BackendKind backend)
    {
        await using var rig = new CodexRig(model.Server, backend);
        var thread = (await rig.SayAsync("!run echo one\n!say done")).Said("done").Thread;
        var rollout = rig.RolloutsOf(thread).Single();
        var left = Path.Combine(Path.GetDirectoryName(rollout)!, $".{Path.GetFileName(rollout)}.consume");
        await File.WriteAllBytesAsync(left, (await File.ReadAllBytesAsync(rollout))[..1000]);

        Assert.Equal(thread, (await rig.SayAsync("!run echo two\n!say done")).Said("done").Thread);
        Assert.Equal((2, 2), Counts(await rig.ConsumeAsync(CallToConsume.Heavy, CallsIn(model.Server.RequestsOf(thread)[^1].Input))));

        Assert.False(File.Exists(left));
        await rig.SayAsync("next");
        Assert.Equal(["...(tool called)", "...(tool called)"], OutputsIn(model.Server.RequestsOf(thread)[^1].Input));
    }

    [Theory]
    [EachBackend]
    public async Task A_compressed_thread_is_consumed_and_continues_with_the_markers(BackendKind backend)
    {
        await using var rig = new CodexRig(model.Server, backend);
        var thread = (await rig.SayAsync("!run echo one\n!say done")).Said("done").Thread;
        var rollout = rig.RolloutsOf(thread).Single();
        var length = new FileInfo(rollout).Length;
        CodexRig.Compress(rollout);

        Assert.Equal((1, 1), Counts(await rig.ConsumeAsync(CallToConsume.Heavy, CallsIn(model.Server.RequestsOf(thread)[^1].Input))));

        Assert.Equal((rollout, length), (rig.RolloutsOf(thread).Single(), new FileInfo(rollout).Length));
        Assert.Equal(thread, (await rig.SayAsync("next")).Said("next").Thread);
        Assert.Equal(["...(tool called)"], OutputsIn(model.Server.RequestsOf(thread)[^1].Input));
    }

    [Theory]
    [EachBackend]
    public async Task While_a_consume_holds_the_thread_codex_sees_its_lock(BackendKind backend)
    {
        await using var rig = new CodexRig(model.Server, backend);
        var thread = (await rig.SayAsync("one")).Thread;
        await rig.ReleaseAsync(thread);
        using (ThreadWriterLock.TryAcquire(rig.CodexHome, thread!.Value))
        {
            using var codex = await rig.ResumeByHandAsync(thread.ToString()!, "two");
            var (exitCode, _, errors) = await codex.EndsAsync();
            Assert.Equal(1, exitCode);
            Assert.Contains("already has an active writer", errors, StringComparison.Ordinal);
        }

        (await rig.SayAsync("three")).Said("three");
    }

    /// <summary>What codex's own readers say of a thread's turns, with all items.</summary>
    private static async Task<string> ReadThreadAsync(CodexRig rig, ThreadId? thread)
    {
        await using var server = await LoadedServer.StartAsync(rig);
        var read = await server.AskAsync("thread/read", new JsonObject { ["threadId"] = thread.ToString(), ["includeTurns"] = true });
        var list = await server.AskAsync("thread/turns/list", new JsonObject { ["threadId"] = thread.ToString(), ["itemsView"] = "full" });
        Assert.Equal(2, list.GetProperty("data").GetArrayLength());
        return read.GetProperty("thread").GetProperty("turns").GetRawText() + list.GetProperty("data").GetRawText();
    }

    /// <summary>The same line, equally long, of a tool that says little: what is left over stands behind the line's end.</summary>
    private static string WithShortOutput(string line) =>
        line.Contains("function_call_output", StringComparison.Ordinal)
            ? Regex.Replace(line, @"""output"":""(\\.|[^""\\])*""", "\"output\":\"ok\"").PadRight(line.Length)
            : line;

    private static string Expected(InputItem item, string[] heavy, string[] light)
    {
        var json = JsonNode.Parse(item.Json.GetRawText())!;
        var isHeavy = heavy.Contains(item.CallId);
        if (item.Type == "function_call" && isHeavy)
        {
            json["arguments"] = "{}";
        }
        else if (item.Type == "function_call_output" && (isHeavy || light.Contains(item.CallId)))
        {
            json["output"] = isHeavy ? "...(tool called)" : "...(consumed)";
        }
        else
        {
            return item.Json.GetRawText();
        }

        return json.ToJsonString(
            new JsonSerializerOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }
        );
    }

    private static string?[] CallsIn(IEnumerable<InputItem> input) =>
        [.. input.Where(item => item.Type == "function_call").Select(item => item.CallId)];

    private static List<string?> OutputsIn(IEnumerable<InputItem> input) =>
        [.. input.Where(item => item.Type == "function_call_output").Select(item => item.Output)];

    private static IEnumerable<string?> StatusesOf(JsonElement turns) =>
        turns.EnumerateArray().Select(turn => turn.GetProperty("status").GetString());

    private static (int Touched, int Requested) Counts(ConsumeAnswer answer) =>
        Assert.IsType<ConsumeAnswer.Done>(answer).Result is var result ? (result.Touched, result.Requested) : default;
}
