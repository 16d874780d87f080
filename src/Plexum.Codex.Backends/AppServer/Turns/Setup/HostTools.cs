using System.Text.Json.Nodes;
using Akka.Event;
using Plexum.Codex.AppServer.Server;
using Plexum.Codex.AppServer.Wire;
using Plexum.Codex.Backend;
using Plexum.Codex.Rollouts;
using Plexum.Codex.Turns;

namespace Plexum.Codex.AppServer.Turns.Setup;

/// <summary>
/// How a turn's thread gets the host's tools. A new thread gets them as <c>dynamicTools</c>, which need no process; codex keeps those with
/// the
/// thread and cannot change them. So in a thread that was begun with others, or with <c>codex exec</c>, they come from the relay.
/// </summary>
/// <param name="services">What turns need.</param>
/// <param name="log">The program's log.</param>
internal sealed class HostTools(AppServerTurnServices services, ILoggingAdapter log)
{
    private readonly ThreadTools _threads = new(services.CodexHome, services.Loaded, services.Time);

    /// <summary>Adds the tools. File work.</summary>
    /// <param name="setup">How the thread is loaded without them.</param>
    /// <param name="thread">The thread; null for a new one.</param>
    /// <param name="server">The tools; null for none.</param>
    public async Task<ThreadSetup> AddAsync(ThreadSetup setup, ThreadId? thread, ToolServer? server)
    {
        var tools = server is null ? null : DynamicTools.Of(server);
        var areDynamic = thread is { } resumed ? await ShowAsync(resumed, tools).ConfigureAwait(false) : tools is not null;
        return server is null ? setup
            : areDynamic ? setup with { DynamicTools = tools }
            : WithRelay(setup, server);
    }

    /// <summary>Gives the tools to the thread by the relay.</summary>
    public static ThreadSetup WithRelay(ThreadSetup setup, ToolServer server)
    {
        var config = (JsonObject?)setup.Config?.DeepClone() ?? [];
        ServerTools.Add(config, server);
        return setup with { Config = config, DynamicTools = null };
    }

    /// <summary>Whether codex does not begin a thread because of its <c>dynamicTools</c>, such as a schema that it cannot read.</summary>
    public static bool AreRefused(AppServerFault fault) => fault.Message.Contains("dynamic tool", StringComparison.Ordinal);

    // The turn goes on: a call of tools that are still shown gets an answer, and a thread that is busy is waited for.
    private async Task<bool> ShowAsync(ThreadId thread, JsonArray? tools)
    {
        try
        {
            return await _threads.ShowAsync(thread, tools).ConfigureAwait(false);
        }
        catch (Exception e) when (e is CodexException or IOException or UnauthorizedAccessException)
        {
            log.Warning("codex: which host tools the thread {Thread} was begun with cannot be changed: {Error}", thread, e.Message);
            return false;
        }
    }
}
