using System.Collections.Concurrent;
using Plexum.Codex.Host.Client;
using Plexum.Codex.Host.Plugin.Rpc;
using Serilog;

namespace Plexum.Codex.Host.Plugin;

/// <summary>The calls that the model makes of one turn's tools: each goes to the host once, and the host's answer to the daemon.</summary>
internal sealed class HostTools(StreamedTurn turn, PluginDaemon daemon, RpcConnection host)
{
    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<string, Task> _calls = new(StringComparer.Ordinal);

    /// <summary>Carries calls until the turn is over, or nobody is to be asked any more.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            while (!await TryReadAsync(cancellationToken).ConfigureAwait(false))
            {
                await Task.Delay(s_pause, cancellationToken).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The turn is over, or the plugin ends.
        }

        await Task.WhenAll(_calls.Values).ConfigureAwait(false);
    }

    /// <returns>Whether there is nothing more to come.</returns>
    private async Task<bool> TryReadAsync(CancellationToken cancellationToken)
    {
        try
        {
            var client = await daemon.ClientAsync(cancellationToken).ConfigureAwait(false);
            await using var calls = client.ReadToolCalls(turn.Id);
            while (await calls.NextAsync(cancellationToken).ConfigureAwait(false) is { } call)
            {
                // It comes again after a broken connection, and is being answered already.
                _ = _calls.GetOrAdd(call.CallId, _ => AnswerAsync(call, cancellationToken));
            }

            return true;
        }
        catch (CodexException e)
        {
            Log.Warning("plugin: the tool calls of turn {Turn} cannot be read: {Reason:l}", turn.Id, e.Message);
            return e is DaemonRefusedException;
        }
    }

    private async Task AnswerAsync(OfferedToolCall call, CancellationToken cancellationToken)
    {
        try
        {
            var answer = await AskAsync(call, cancellationToken).ConfigureAwait(false);
            var client = await daemon.ClientAsync(cancellationToken).ConfigureAwait(false);
            try
            {
                await client.AnswerToolCallAsync(turn.Id, call.CallId, answer, cancellationToken).ConfigureAwait(false);
            }
            catch (DaemonRefusedException e) when (e.Code == "bad_request_body")
            {
                await client.AnswerToolCallAsync(
                    turn.Id, call.CallId, PlexumFrames.ToolFailure($"The answer of the tool {call.Name} cannot be understood: {e.Message}"), cancellationToken).ConfigureAwait(false);
            }
        }
        catch (CodexException e)
        {
            // The model has been told that there is no answer, or is about to be.
            Log.Warning("plugin: the call {Call} of turn {Turn} is not answered: {Reason:l}", call.CallId, turn.Id, e.Message);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The turn is over, or the plugin ends.
        }
    }

    private async Task<byte[]> AskAsync(OfferedToolCall call, CancellationToken cancellationToken)
    {
        try
        {
            return PlexumFrames.ToolAnswer(
                await host.CallAsync(PlexumMethods.CallHostTool, json => PlexumFrames.ToolCall(json, turn.Id, turn.Agent, call), cancellationToken).ConfigureAwait(false));
        }
        catch (RpcException e)
        {
            return PlexumFrames.ToolFailure($"The tool {call.Name} failed: {e.Message}");
        }
    }
}
