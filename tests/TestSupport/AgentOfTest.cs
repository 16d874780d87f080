using System.Text.Json.Nodes;
using Plexum.Codex.Profiles;
using Plexum.Codex.Turns;

namespace Plexum.Codex.TestSupport;

/// <summary>An agent of a daemon that others use too. Its codex follows the script that lies in the agent's workspace.</summary>
internal sealed class AgentOfTest
{
    private readonly DaemonStage _stage;

    public AgentOfTest(DaemonStage stage, string name, params string[] script)
    {
        (_stage, Name) = (stage, name);
        Directory = new AgentDirectory(stage.Profile.Root, AgentId.Parse(name));
        System.IO.Directory.CreateDirectory(Directory.DefaultWorkspace);
        System.IO.File.WriteAllLines(File(Script), script);
    }

    public string Name { get; }

    public AgentDirectory Directory { get; }

    public DaemonApi Api => _stage.Api;

    /// <summary>The turns that codex was started for so far, oldest first.</summary>
    public IReadOnlyList<FakeCodexCall> Calls => FakeCodexCall.Of(File(Script));

    public IEnumerable<string> Prompts => Calls.Select(call => call.Prompt);

    private static string Script => ".fake-codex";

    /// <summary>A file in the agent's workspace, which a script names by its bare name.</summary>
    public string File(string name) => Path.Combine(Directory.DefaultWorkspace, name);

    public void Touch(string name) => System.IO.File.Create(File(name)).Dispose();

    /// <summary>Waits for a file that the script makes.</summary>
    public Task AppearsAsync(string name) => Limits.UntilAsync(() => System.IO.File.Exists(File(name)), () => File(name));

    /// <summary>Submits a turn of this agent, which must be accepted, and returns its id.</summary>
    public Task<string> BeginAsync(string text, Action<JsonObject>? change = null) => Api.SubmitAsync(text, Name, null, change);

    /// <summary>Submits a turn of this agent.</summary>
    public Task<ApiAnswer> TryBeginAsync(string text, Action<JsonObject>? change = null) => Api.TrySubmitAsync(text, Name, null, change);

    /// <summary>Submits a turn of this agent and reads it to its end.</summary>
    public async Task<List<SseEvent>> RunAsync(string text) => await Api.EventsAsync(await BeginAsync(text));

    /// <summary>What the ledger says of a turn that has ended.</summary>
    public async Task<JsonObject> EndedAsync(string turn)
    {
        await Api.EventsAsync(turn);
        await _stage.Host.Context.Ledger.FlushAsync();
        var document = await Api.TurnAsync(turn);
        Assert.Equal("ended", (string)document["state"]!);
        return document;
    }

    /// <summary>Ends what a spec that failed has left running.</summary>
    public void KillCodex() => FakeCodexCall.KillAll(File(Script));

    /// <summary>What the daemon says of this agent.</summary>
    public Task<JsonObject> DocumentAsync() => Api.AgentAsync(Name);

    /// <summary>Asks for tool calls of this agent to be consumed.</summary>
    public Task<ApiAnswer> ConsumeAsync(params string[] calls) => Api.ConsumeAsync(Name, calls);
}
