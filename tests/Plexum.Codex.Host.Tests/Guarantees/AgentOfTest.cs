using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using Plexum.Codex.Host.Daemon;
using Plexum.Codex.Processes;
using Plexum.Codex.Profiles;
using Plexum.Codex.TestSupport;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Host.Guarantees;

/// <summary>An agent of a daemon that others use too. Its codex follows the script that lies in the agent's workspace.</summary>
internal sealed class AgentOfTest
{
    private static readonly JsonSerializerOptions s_names = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    private readonly DaemonStage _stage;

    public AgentOfTest(DaemonStage stage, string name, params string[] script)
    {
        (_stage, Name) = (stage, name);
        Directory = new AgentDirectory(stage.Profile.Root, AgentId.Parse(name));
        System.IO.Directory.CreateDirectory(Directory.DefaultWorkspace);
        System.IO.File.WriteAllLines(File(".fake-codex"), script);
    }

    public string Name { get; }

    public AgentDirectory Directory { get; }

    /// <summary>The turns that codex was started for so far, oldest first.</summary>
    public IReadOnlyList<FakeCodexCall> Calls => System.IO.File.Exists(File(".fake-codex.calls"))
        ? [.. System.IO.File.ReadLines(File(".fake-codex.calls")).Select(line => JsonSerializer.Deserialize<FakeCodexCall>(line, s_names)!)]
        : [];

    public IEnumerable<string> Prompts => Calls.Select(call => call.Prompt);

    /// <summary>A file in the agent's workspace, which a script names by its bare name.</summary>
    public string File(string name) => Path.Combine(Directory.DefaultWorkspace, name);

    public void Touch(string name) => System.IO.File.Create(File(name)).Dispose();

    /// <summary>Waits for a file that the script makes.</summary>
    public Task AppearsAsync(string name) => Limits.UntilAsync(() => System.IO.File.Exists(File(name)), () => File(name));

    public Task<Answer> TrySubmitAsync(string text, Action<JsonObject>? change = null)
    {
        var body = new JsonObject { ["messages"] = new JsonArray(new JsonObject { ["role"] = "user", ["content"] = text }) };
        change?.Invoke(body);
        return _stage.PostAsync($"/v1/agents/{Name}/turns", body.ToJsonString());
    }

    /// <summary>Submits a turn, which must be accepted, and returns its id.</summary>
    public async Task<string> SubmitAsync(string text, Action<JsonObject>? change = null)
    {
        var answer = await TrySubmitAsync(text, change);
        Assert.True(answer.Status == 202, answer.ToString());
        return (string)answer.Json["turn_id"]!;
    }

    /// <summary>Submits a turn and reads it to its end.</summary>
    public async Task<List<SseEvent>> RunAsync(string text) => await EventsAsync(await SubmitAsync(text));

    public Task<List<SseEvent>> EventsAsync(string turn) => _stage.EventsAsync(turn);

    /// <summary>What the ledger says of a turn that has ended.</summary>
    public async Task<JsonObject> EndedAsync(string turn)
    {
        await EventsAsync(turn);
        await _stage.Host.Context.Ledger.FlushAsync();
        var document = await TurnAsync(turn);
        Assert.Equal("ended", (string)document["state"]!);
        return document;
    }

    /// <summary>Ends what a spec that failed has left running.</summary>
    public void KillCodex()
    {
        foreach (var call in Calls.Where(call => ProcessIdentity.Read(call.Pid) is { IsRunning: true }))
        {
            Process.GetProcessById(call.Pid).Kill();
        }
    }

    public async Task<JsonObject> TurnAsync(string turn) => (await _stage.GetAsync($"/v1/turns/{turn}")).Json;

    public async Task<JsonObject> DocumentAsync() => (await _stage.GetAsync($"/v1/agents/{Name}")).Json;

    /// <summary>Cancels a turn and returns the outcome that is told.</summary>
    public async Task<string> CancelAsync(string turn, bool force = false)
    {
        var answer = await _stage.PostAsync($"/v1/turns/{turn}/cancel", new JsonObject { ["force"] = force }.ToJsonString());
        Assert.True(answer.Status == 200, answer.ToString());
        return (string)answer.Json["outcome"]!;
    }

    public Task<Answer> ConsumeAsync(params string[] calls)
    {
        var mutations = calls.Select(call => (JsonNode)new JsonObject { ["block_id"] = call, ["op"] = "consume-light" });
        return _stage.PostAsync($"/v1/agents/{Name}/consume", new JsonObject { ["mutations"] = new JsonArray([.. mutations]) }.ToJsonString());
    }
}

/// <summary>What the specs ask of a turn's events.</summary>
internal static class TurnEvents
{
    public static string[] Types(this IEnumerable<SseEvent> events) => [.. events.Select(e => e.Type)];

    public static string[] Texts(this IEnumerable<SseEvent> events) =>
        [.. events.Where(e => e.Type == "text_delta").Select(e => (string)e.Json["text"]!)];

    public static string StopReason(this IReadOnlyList<SseEvent> events) => (string)events[^1].Json["stop_reason"]!;

    public static string? Thread(this IReadOnlyList<SseEvent> events) => (string?)events[^1].Json["thread_id"];

    /// <summary>Checks that they are a whole turn: numbered from 1 without a gap, with one end, which is the last.</summary>
    public static void AreWhole(this IReadOnlyList<SseEvent> events)
    {
        Assert.Equal(Enumerable.Range(1, events.Count).Select(number => $"{number}"), events.Select(e => e.Id));
        Assert.Equal(events.Count - 1, events.Types().IndexOf("message_end"));
    }
}
