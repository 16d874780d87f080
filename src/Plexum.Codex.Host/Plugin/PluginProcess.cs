using Plexum.Codex.Host.Plugin.Rpc;

namespace Plexum.Codex.Host.Plugin;

/// <summary>The plugin: one host on two streams, until the host ends its own or somebody ends the plugin. What runs in the daemon goes on.</summary>
internal static class PluginProcess
{
    // A host that has closed its end and still wants an answer need not wait for a turn.
    private static readonly TimeSpan s_lastAnswers = TimeSpan.FromSeconds(5);

    /// <summary>Serves the host.</summary>
    /// <param name="input">What the host writes.</param>
    /// <param name="output">What the host reads; nothing else may write there.</param>
    /// <param name="session">What the plugin is set to.</param>
    /// <param name="daemon">The daemon.</param>
    /// <param name="stop">Completes when the plugin is to end at once.</param>
    public static async Task RunAsync(Stream input, Stream output, PluginSession session, PluginDaemon daemon, Task stop)
    {
        using var end = new CancellationTokenSource();
        using var writer = new FrameWriter(output);
        await using var mcp = new McpSide(writer, daemon);
        mcp.Start();
        var connection = new RpcConnection(input, writer);
        var plugin = new PlexumPlugin(connection, session, daemon, mcp);
        var reading = connection.RunAsync(plugin, end.Token);
        if (await Task.WhenAny(reading, stop, writer.Broken).ConfigureAwait(false) == reading)
        {
            await reading.ConfigureAwait(false);
            await Task.WhenAny(Task.WhenAll(connection.AnsweredAsync(), mcp.AnsweredAsync()), stop, writer.Broken, Task.Delay(s_lastAnswers, CancellationToken.None)).ConfigureAwait(false);
        }

        await end.CancelAsync().ConfigureAwait(false);
        plugin.Stop();
    }
}
