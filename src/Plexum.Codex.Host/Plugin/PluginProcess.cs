using Plexum.Codex.Host.Plugin.Rpc;
using Plexum.Codex.Host.Plugin.Session;

namespace Plexum.Codex.Host.Plugin;

/// <summary>
/// The plugin process: serves one host on two streams until the host closes its end or the plugin is stopped. Turns in the daemon continue.
/// </summary>
internal static class PluginProcess
{
    // Long enough to answer a host that has closed its end, but not to wait for a turn.
    private static readonly TimeSpan LastAnswers = TimeSpan.FromSeconds(5);

    /// <summary>Serves the host.</summary>
    /// <param name="input">The stream that the host writes.</param>
    /// <param name="output">The stream that the host reads; nothing else may write to it.</param>
    /// <param name="session">The plugin's settings.</param>
    /// <param name="daemon">The daemon.</param>
    /// <param name="stop">Completes when the plugin must stop at once.</param>
    public static async Task RunAsync(Stream input, Stream output, PluginSession session, PluginDaemon daemon, Task stop)
    {
        using var end = new CancellationTokenSource();
        using var writer = new FrameWriter(output);
        await using var mcp = new McpSide(writer, daemon);
        mcp.Start();
        var connection = new RpcConnection(input, writer, () => session.MaxBodyElements);
        var plugin = new PlexumPlugin(connection, session, daemon, mcp);
        var reading = connection.RunAsync(plugin, end.Token);
        if (await Task.WhenAny(reading, stop, writer.Broken).ConfigureAwait(false) == reading)
        {
            await reading.ConfigureAwait(false);
            var answered = Task.WhenAll(connection.AnsweredAsync(), mcp.AnsweredAsync());
            await Task.WhenAny(answered, stop, writer.Broken, Task.Delay(LastAnswers, TimeProvider.System)).ConfigureAwait(false);
        }

        await end.CancelAsync().ConfigureAwait(false);
        plugin.Stop();
    }
}
