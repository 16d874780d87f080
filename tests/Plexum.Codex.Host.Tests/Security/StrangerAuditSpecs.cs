using System.Text.Json.Nodes;
using Plexum.Codex.TestSupport.Molecule;

namespace Plexum.Codex.Host.Security;

/// <summary>Strangers have turns run, and the owner wants to know who they were.</summary>
public sealed class StrangerAuditSpecs : IAsyncLifetime, IAsyncDisposable
{
    private DirectRig _rig = null!;

    public async Task InitializeAsync() => _rig = await DirectRig.MakeAsync("thread", "turn", "say echo: ${prompt}", "completed 1 1");

    Task IAsyncLifetime.DisposeAsync() => DisposeAsync().AsTask();

    public ValueTask DisposeAsync() => _rig.DisposeAsync();

    [Fact]
    public async Task S11_A_turn_for_a_stranger_names_the_stranger()
    {
        await _rig.Daemon.StartAsync();

        _rig.PeerSays("a", "the planted message");
        await _rig.UntilAsync(() => _rig.Got("a").Count == 1);
        await _rig.Daemon.StopAsync();

        var log = await File.ReadAllLinesAsync(Path.Combine(_rig.Stage.Profile, "logs", "audit.jsonl"));
        var submitted = JsonNode.Parse(Assert.Single(log, line => line.Contains("\"submit\"", StringComparison.Ordinal)))!;
        Assert.Equal(("molecule", _rig.Peer("a").Id), ((string)submitted["via"]!, (string)submitted["peer"]!));
        Assert.NotEmpty((string)submitted["turn"]!);
        Assert.DoesNotContain(log, line => line.Contains("planted", StringComparison.Ordinal));
    }
}
