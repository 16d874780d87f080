namespace Plexum.Codex.Host.Plugin;

/// <summary>A test with a daemon and plugins in this process.</summary>
public abstract class PluginTest : DaemonTest, IAsyncLifetime
{
    private readonly List<PluginInPlace> _plugins = [];

    private protected PluginTest(params string[] script)
        : base(script) { }

    private protected PlexumHost Host { get; private set; } = null!;

    private protected string Workspace => Stage.Codex.Workspace;

    public override async Task InitializeAsync()
    {
        await Stage.StartHostAsync();
        Host = Begin().Host;
    }

    async Task IAsyncLifetime.DisposeAsync()
    {
        foreach (var plugin in _plugins)
        {
            await plugin.DisposeAsync();
        }

        await DisposeAsync();
    }

    /// <summary>Starts one more plugin.</summary>
    private protected PluginInPlace Begin(bool hostReads = true)
    {
        var plugin = new PluginInPlace(Stage.Profile, hostReads);
        _plugins.Add(plugin);
        return plugin;
    }
}
