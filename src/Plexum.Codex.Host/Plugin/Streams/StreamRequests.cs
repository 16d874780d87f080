using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using Plexum.Codex.Client;
using Plexum.Codex.Host.Plugin.Rpc;
using Plexum.Codex.Host.Plugin.Session;
using Plexum.Codex.Requests;
using Plexum.Codex.Turns;
using Serilog;

namespace Plexum.Codex.Host.Plugin.Streams;

/// <summary>The host's requests for turns: each turn is submitted to the daemon or found there, then its events are streamed.</summary>
internal sealed class StreamRequests(RpcConnection host, PluginDaemon daemon)
{
    private readonly TurnStreams _streams = new();
    private readonly ConcurrentDictionary<string, TaskCompletionSource<TurnId>> _requests = new(StringComparer.Ordinal);

    /// <summary>Handles a request; the events start after its answer.</summary>
    /// <exception cref="RpcException">There will be no events. The message is the Go plugin's if it has one for the case.</exception>
    public async Task<RpcReply> BeginAsync(RpcId id, JsonElement parameters, CancellationToken cancellationToken)
    {
        var known = _requests[id.Key] = new TaskCompletionSource<TurnId>(TaskCreationOptions.RunContinuationsAsynchronously);
        try
        {
            var wanted = PlexumParams.Stream(parameters);
            var client = await ClientAsync(cancellationToken).ConfigureAwait(false);
            var (turn, position, told) = wanted.Turn is { } given
                ? (await FindAsync(client, given, cancellationToken).ConfigureAwait(false), (int?)null, ImmutableArray<string>.Empty)
                : await SubmitAsync(client, wanted, cancellationToken).ConfigureAwait(false);
            known.TrySetResult(turn.Id);
            return new RpcReply(
                json => PlexumFrames.Accepted(json, turn.Id, turn.Agent, position, [.. wanted.Warnings, .. told]),
                () => _ = StreamAsync(id, known, new TurnStream(turn, wanted.AfterSeq, daemon, host, new PlexumHostLog(host)))
            );
        }
        catch
        {
            known.TrySetCanceled(CancellationToken.None);
            _requests.TryRemove(KeyValuePair.Create(id.Key, known));
            throw;
        }
    }

    /// <summary>Cancels the turn of a request, even while the daemon is still accepting it.</summary>
    /// <returns>Whether the request is known, that is, its stream has not ended.</returns>
    public bool Cancel(RpcId id)
    {
        if (!_requests.TryGetValue(id.Key, out var known))
        {
            return false;
        }

        _ = CancelAsync(known.Task);
        return true;
    }

    /// <summary>Stops streaming; the turns continue.</summary>
    public void Stop() => _streams.Stop();

    private async Task StreamAsync(RpcId id, TaskCompletionSource<TurnId> known, TurnStream stream)
    {
        using (stream)
        {
            await _streams.Begin(stream).ConfigureAwait(false);
        }

        _requests.TryRemove(KeyValuePair.Create(id.Key, known));
    }

    private async Task CancelAsync(Task<TurnId> known)
    {
        try
        {
            var turn = await known.ConfigureAwait(false);
            var client = await daemon.ClientAsync().ConfigureAwait(false);
            await client.CancelAsync(turn, force: false).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // There is no turn.
        }
        catch (CodexException e)
        {
            Log.Warning("plugin: cannot cancel a turn: {Reason:l}", e.Message);
        }
    }

    // Only a daemon is started here; a turn's own events report a codex that fails to start.
    private async Task<DaemonClient> ClientAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await daemon.ClientAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (DaemonException e)
        {
            throw new RpcException(RpcException.Refused, $"codex: start: {e.Message}", e) { Reason = "daemon_unavailable" };
        }
    }

    private static async Task<StreamedTurn> FindAsync(DaemonClient client, TurnId id, CancellationToken cancellationToken)
    {
        var turn = await client.TurnAsync(id, cancellationToken).ConfigureAwait(false);
        return turn.EventsKept
            ? new StreamedTurn(id, AgentId.Parse(turn.AgentId), turn.Workspace, turn.Model)
            : throw new RpcException(RpcException.Refused, $"The events of the turn {id} were removed by retention.")
            {
                Reason = "turn_files_removed",
            };
    }

    private async Task<(StreamedTurn Turn, int? Position, ImmutableArray<string> Told)> SubmitAsync(
        DaemonClient client,
        StreamParams wanted,
        CancellationToken cancellationToken
    )
    {
        try
        {
            var (request, told) = await daemon.ApplyAsync(client, wanted.Request!, cancellationToken).ConfigureAwait(false);
            var accepted = await client.SubmitAsync(request, wanted.Key, cancellationToken).ConfigureAwait(false);
            return (
                new StreamedTurn(TurnId.Parse(accepted.TurnId), request.AgentId, request.Workspace, request.Model)
                {
                    PromptLength = Prompt.TryCreate(request.Messages, out var prompt, out _)
                        ? Encoding.UTF8.GetByteCount(prompt.Text)
                        : null,
                    MayHaveTools = !request.Tools.IsEmpty,
                },
                accepted.Position,
                told.AddRange(accepted.Warnings ?? [])
            );
        }
        catch (DaemonRefusedException e) when (e.Code == "workspace_not_writable")
        {
            throw new RpcException(RpcException.Refused, $"mkdir workspace: {e.Message}", e) { Reason = e.Code };
        }
        catch (DaemonException e) when (e is not DaemonRefusedException)
        {
            throw new RpcException(RpcException.Refused, $"codex: start: {e.Message}", e) { Reason = "daemon_unavailable" };
        }
    }
}
