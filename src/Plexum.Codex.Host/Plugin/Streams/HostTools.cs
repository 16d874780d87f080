using System.Collections.Concurrent;
using Plexum.Codex.Client;
using Plexum.Codex.Host.Plugin.Rpc;
using Plexum.Codex.Host.Plugin.Session;
using Serilog;

namespace Plexum.Codex.Host.Plugin.Streams;

/// <summary>Forwards the tool calls of one turn: each goes to the host once, and the host's answer goes to the daemon.</summary>
internal sealed class HostTools(StreamedTurn turn, PluginDaemon daemon, RpcConnection host)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<string, Task> _calls = new(StringComparer.Ordinal);

    /// <summary>Forwards calls until the turn ends or the token is cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            while (!await TryReadAsync(cancellationToken).ConfigureAwait(false))
            {
                await Task.Delay(Pause, TimeProvider.System, cancellationToken).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The turn ended, or the plugin is stopping.
        }

        await Task.WhenAll(_calls.Values).ConfigureAwait(false);
    }

    /// <returns>True if no more calls will come.</returns>
    private async Task<bool> TryReadAsync(CancellationToken cancellationToken)
    {
        try
        {
            var client = await daemon.ClientAsync(cancellationToken).ConfigureAwait(false);
            await using var calls = client.ReadToolCalls(turn.Id);
            while (await calls.NextAsync(cancellationToken).ConfigureAwait(false) is { } call)
            {
                // After a broken connection the daemon sends the call again; it is already being answered.
                _ = _calls.GetOrAdd(call.CallId, _ => AnswerAsync(call, cancellationToken));
            }

            return true;
        }
        catch (CodexException e)
        {
            Log.Warning("plugin: cannot read the tool calls of turn {Turn}: {Reason:l}", turn.Id, e.Message);
            return e is DaemonRefusedException;
        }
    }

    private async Task AnswerAsync(OfferedToolCall call, CancellationToken cancellationToken)
    {
        try
        {
            var answer = await AskAsync(call, cancellationToken).ConfigureAwait(false);
            if (await GiveAsync(call, answer, cancellationToken).ConfigureAwait(false) is { } refused)
            {
                await TellHostAsync(call, refused, cancellationToken).ConfigureAwait(false);

                // A daemon of an earlier version lets the model wait for another answer.
                var failure = PlexumFrames.ToolFailure($"The answer of {call.Name} could not be understood: {refused}");
                _ = await GiveAsync(call, failure, cancellationToken).ConfigureAwait(false);
            }
        }
        catch (CodexException e)
        {
            // The daemon reports the missing answer to the model.
            Log.Warning("plugin: cannot answer tool call {Call} of turn {Turn}: {Reason:l}", call.CallId, turn.Id, e.Message);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The turn ended, or the plugin is stopping.
        }
    }

    /// <returns>Why the daemon refused the answer; null if it took it, or if the call has ended.</returns>
    private async Task<string?> GiveAsync(OfferedToolCall call, byte[] answer, CancellationToken cancellationToken)
    {
        try
        {
            var client = await daemon.ClientAsync(cancellationToken).ConfigureAwait(false);
            await client.AnswerToolCallAsync(turn.Id, call.CallId, answer, cancellationToken).ConfigureAwait(false);
            return null;
        }
        catch (DaemonRefusedException e)
        {
            return e.Code == "unknown_tool_call" ? null : e.Message;
        }
    }

    private async Task TellHostAsync(OfferedToolCall call, string why, CancellationToken cancellationToken)
    {
        Log.Warning("plugin: the answer to tool call {Call} of turn {Turn} was refused: {Reason:l}", call.CallId, turn.Id, why);
        try
        {
            await new PlexumHostLog(host)
                .WarnAsync(
                    "codex: tool answer refused",
                    json =>
                    {
                        json.WriteString("call_id"u8, call.CallId);
                        json.WriteString("name"u8, call.Name);
                        json.WriteString("err"u8, why);
                    },
                    cancellationToken
                )
                .ConfigureAwait(false);
        }
        catch (Exception e) when (e is HostGoneException or OperationCanceledException)
        {
            // There is nobody to tell.
        }
    }

    private async Task<byte[]> AskAsync(OfferedToolCall call, CancellationToken cancellationToken)
    {
        try
        {
            var answer = await host.CallAsync(
                    PlexumMethods.CallHostTool,
                    json => PlexumFrames.ToolCall(json, turn.Id, turn.Agent, call),
                    cancellationToken
                )
                .ConfigureAwait(false);
            return PlexumFrames.ToolAnswer(answer);
        }
        catch (RpcException e)
        {
            return PlexumFrames.ToolFailure($"The tool {call.Name} failed: {e.Message}");
        }
    }
}
