using Plexum.Codex.Options;
using Plexum.Codex.Turns;

namespace Plexum.Codex.EndToEnd;

/// <summary>codex's own <c>config.toml</c> is broken and mended while the program runs.</summary>
public sealed class BrokenConfigSpecs(LoopbackModelFixture model) : IClassFixture<LoopbackModelFixture>
{
    [Theory]
    [EachBackend("= no TOML")]
    [EachBackend("sandbox_mode = \"nonsense\"")]
    [EachBackend("[mcp_servers.broken]")]
    [EachBackend("[mcp_servers.broken]\ncommand = 3")]
    public async Task A_turn_says_what_is_wrong_and_once_it_is_mended_the_next_one_goes_on_in_the_thread(
        BackendKind backend,
        string mistake
    )
    {
        await using var rig = new CodexRig(model.Server, backend);
        var file = Path.Combine(rig.CodexHome, "config.toml");
        var before = (await rig.SayAsync("Before.")).Succeeded();
        var good = await File.ReadAllTextAsync(file);
        await File.WriteAllTextAsync(file, $"{good}\n{mistake}\n");

        var failed = await rig.SayAsync("!say Never said.");
        await File.WriteAllTextAsync(file, good);
        var after = (await rig.SayAsync("!recall")).Said("Before.");

        Assert.Equal((StopReason.Error, ""), (failed.End.StopReason, failed.Text));
        Assert.Contains("config.toml", failed.Error!.Message, StringComparison.Ordinal);
        Assert.Equal(before.Thread, after.Thread);
    }
}
