using System.Text.Json;
using Plexum.Codex.Client;
using Plexum.Codex.Client.Documents;
using Plexum.Codex.Host.Plugin.Rpc;
using Plexum.Codex.Host.Plugin.Session;
using Plexum.Codex.Host.Plugin.Streams;
using Serilog;

namespace Plexum.Codex.Host.Plugin;

/// <summary>
/// Handles Plexum's methods and passes everything else on to MCP. It only translates: all state of a turn is in the daemon.
/// </summary>
internal sealed class PlexumPlugin(RpcConnection host, PluginSession session, PluginDaemon daemon, McpSide mcp) : IRpcReceiver
{
    private readonly PlexumHostLog _log = new(host);
    private readonly StreamRequests _streams = new(host, daemon);
    private readonly RequestCancels _mutations = new();

    public bool Knows(string method) =>
        method
            is PlexumMethods.Manifest
                or PlexumMethods.Init
                or PlexumMethods.Stream
                or PlexumMethods.Cancel
                or PlexumMethods.ConsumeSession;

    public async Task<RpcReply> AnswerAsync(RpcMessage.Request request, CancellationToken cancellationToken)
    {
        try
        {
            return request.Method switch
            {
                PlexumMethods.Manifest => new RpcReply(session.Manifest().Write),
                PlexumMethods.Init => await InitAsync(request.Params, cancellationToken).ConfigureAwait(false),
                PlexumMethods.Stream => await _streams.BeginAsync(request.Id, request.Params, cancellationToken).ConfigureAwait(false),
                PlexumMethods.Cancel => await CancelAsync(request.Params, cancellationToken).ConfigureAwait(false),
                PlexumMethods.ConsumeSession => await _mutations
                    .RunAsync(request.Id, token => MutateAsync(request.Params, token), cancellationToken)
                    .ConfigureAwait(false),
                _ => throw new RpcException(RpcException.MethodNotFound, $"Unknown method {request.Method}."),
            };
        }
        catch (DaemonRefusedException e)
        {
            throw new RpcException(RpcException.Refused, e.Message, e) { Reason = e.Code };
        }
        catch (CodexException e) when (e is not RpcException and not HostGoneException)
        {
            throw new RpcException(RpcException.Refused, e.Message, e);
        }
    }

    public Task PassOnAsync(RpcMessage message, CancellationToken cancellationToken)
    {
        if (
            message is RpcMessage.Notification { Method: McpMethods.Cancelled } cancelled
            && McpMethods.CancelledRequest(cancelled) is { } id
            && (_streams.Cancel(id) || _mutations.Cancel(id))
        )
        {
            return Task.CompletedTask;
        }

        return mcp.TakeAsync(message, cancellationToken);
    }

    /// <summary>Stops streaming; the turns continue.</summary>
    public void Stop() => _streams.Stop();

    private async Task<RpcReply> InitAsync(JsonElement parameters, CancellationToken cancellationToken)
    {
        var (root, assignments) = PlexumParams.Init(parameters);
        var settings = session.Initialise(root, assignments);
        await _log.InfoAsync(
                "openai (codex) provider initialized",
                json =>
                {
                    json.WriteString("binary"u8, settings.Binary);
                    PlexumFrames.Strings(json, "extra_args", settings.Exec.ExtraArgs);
                    PlexumFrames.Strings(json, "models", settings.SupportedModels);
                },
                cancellationToken
            )
            .ConfigureAwait(false);
        return new RpcReply(PlexumFrames.Nothing, () => _ = ReadyDaemonAsync(cancellationToken));
    }

    // Saves the first turn the wait. A request that needs the daemon reports why there is none.
    private async Task ReadyDaemonAsync(CancellationToken cancellationToken)
    {
        try
        {
            await daemon.ClientAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (CodexException e)
        {
            Log.Warning("plugin: {Reason:l}", e.Message);
        }
        catch (OperationCanceledException)
        {
            // The plugin is stopping.
        }
    }

    private async Task<RpcReply> CancelAsync(JsonElement parameters, CancellationToken cancellationToken)
    {
        var (turn, force) = PlexumParams.Cancel(parameters);
        var client = await daemon.ClientAsync(cancellationToken).ConfigureAwait(false);
        var document = await client.CancelAsync(turn, force, cancellationToken).ConfigureAwait(false);
        return new RpcReply(json => PlexumFrames.Cancelled(json, document));
    }

    private async Task<RpcReply> MutateAsync(JsonElement parameters, CancellationToken cancellationToken)
    {
        var (agent, workspace, calls) = PlexumParams.ConsumeSession(parameters);
        if (calls.IsEmpty)
        {
            return new RpcReply(json => PlexumFrames.Mutated(json, new ConsumeDocument(0, 0, [])));
        }

        try
        {
            var client = await daemon.ClientAsync(cancellationToken).ConfigureAwait(false);
            var document = await client.ConsumeAsync(agent, workspace, calls, cancellationToken).ConfigureAwait(false);
            await _log.InfoAsync(
                    "codex session mutate complete",
                    json =>
                    {
                        json.WriteString("agent"u8, agent.Value);
                        json.WriteNumber("touched"u8, document.Touched);
                        json.WriteNumber("requested"u8, document.Requested);
                    },
                    cancellationToken
                )
                .ConfigureAwait(false);
            return new RpcReply(json => PlexumFrames.Mutated(json, document));
        }
        catch (CodexException e) when (e is not HostGoneException)
        {
            await _log.WarnAsync(
                    "codex session mutate failed",
                    json =>
                    {
                        json.WriteString("agent"u8, agent.Value);
                        json.WriteString("err"u8, e.Message);
                    },
                    cancellationToken
                )
                .ConfigureAwait(false);
            throw;
        }
    }
}
