using Plexum.Codex.Host.Plugin.Session;

namespace Plexum.Codex.Host.Plugin.Tools;

/// <summary>What a plugin was told with <c>--set</c>, where a daemon with other settings runs already.</summary>
public sealed class AskedOfPluginSpecs : CodexToolTest, IAsyncLifetime
{
    async Task IAsyncLifetime.DisposeAsync()
    {
        await LeaveAsync();
        await DisposeAsync();
    }

    [Fact]
    public async Task A_turn_has_the_sandbox_that_is_asked_for()
    {
        var client = await ConnectAsync("codex.sandbox=read-only");

        Good(await CallAsync(client, "codex_turn", """{"agent":"alice","prompt":"hello"}"""));

        Assert.Contains("sandbox_mode=\"read-only\"", Assert.Single(Stage.Codex.Turns).Argv);
    }

    [Fact]
    public async Task A_turn_is_refused_if_the_daemon_does_not_have_what_is_asked_for()
    {
        var client = await ConnectAsync("codex.umask=022");

        var refused = Bad(await CallAsync(client, "codex_turn", """{"agent":"alice","prompt":"hello"}"""));

        Assert.Contains("--set codex.umask asks for codex.umask = 022", refused, StringComparison.Ordinal);
        Assert.Empty(Stage.Codex.Turns);
    }

    [Fact]
    public async Task A_Plexum_host_s_turn_carries_it_too_or_is_refused()
    {
        await using (var plugin = new PluginInPlace(Stage.Profile, settings: "codex.sandbox=read-only"))
        {
            await plugin.Host.EndAsync(await plugin.Host.StreamAsync(PlexumHost.Turn("hello", "alice", Stage.Codex.Workspace)));
        }

        Assert.Contains("sandbox_mode=\"read-only\"", Assert.Single(Stage.Codex.Turns).Argv);
        await using var other = new PluginInPlace(Stage.Profile, settings: "codex.umask=022");
        var (_, message, _) = await other.Host.FailAsync(PlexumMethods.Stream, PlexumHost.Turn("hello", "alice", Stage.Codex.Workspace));
        Assert.Contains("codex.umask = 022", message, StringComparison.Ordinal);
    }
}
