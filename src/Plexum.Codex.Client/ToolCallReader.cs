using System.Text.Json;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Client;

/// <summary>
/// Reads the calls of a turn's tools until the turn ends. Reconnects if the connection breaks; pending calls are then offered again.
/// </summary>
/// <param name="http">The connection to the daemon.</param>
/// <param name="time">The clock.</param>
/// <param name="reconnect">How long the daemon may be unreachable.</param>
/// <param name="silence">How long a connection may be silent.</param>
/// <param name="turn">The turn.</param>
public sealed class ToolCallReader(HttpClient http, TimeProvider time, TimeSpan reconnect, TimeSpan silence, TurnId turn) : IAsyncDisposable
{
    private readonly ReconnectPolicy _reconnect = new(time, reconnect);
    private EventStream? _calls;

    /// <summary>The next call; null once the turn has ended.</summary>
    /// <exception cref="DaemonException">The daemon was unreachable for too long, or refused.</exception>
    public async ValueTask<OfferedToolCall?> NextAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await _reconnect.TryAsync(MoveAsync, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (ReconnectPolicy.IsOfConnection(e))
        {
            throw new DaemonException($"The daemon was unreachable for {reconnect.TotalSeconds:0} seconds.", DaemonProblem.Failed, e);
        }
    }

    /// <summary>Closes the connection.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_calls is not null)
        {
            await _calls.DisposeAsync().ConfigureAwait(false);
            _calls = null;
        }
    }

    private async ValueTask<OfferedToolCall?> MoveAsync(CancellationToken cancellationToken)
    {
        try
        {
            _calls ??= await EventStream
                .OpenAsync(http, time, silence, $"/v1/turns/{turn}/tool-calls", 0, cancellationToken)
                .ConfigureAwait(false);
            return _calls is null ? null
                : await _calls.MoveNextAsync().ConfigureAwait(false) ? OfferedToolCall.Read(_calls.Current.Data)
                : throw new EndOfStreamException("The stream of calls ended; the next request tells whether the turn ended too.");
        }
        catch
        {
            if (_calls is { IsProven: true })
            {
                _reconnect.Seen();
            }

            await DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }
}

/// <summary>A pending call of a turn's tool.</summary>
/// <param name="CallId">Its id, unique in the turn.</param>
/// <param name="Name">The tool.</param>
/// <param name="Arguments">A JSON object, as text.</param>
public sealed record OfferedToolCall(string CallId, string Name, string Arguments)
{
    /// <exception cref="IOException">It is not a valid call.</exception>
    public static OfferedToolCall Read(byte[] json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            var root = document.RootElement;
            return new OfferedToolCall(
                root.GetProperty("call_id").GetString()!,
                root.GetProperty("name").GetString()!,
                root.GetProperty("arguments").GetRawText()
            );
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            throw new IOException("The daemon offered an invalid tool call; its version may differ from this program's.", e);
        }
    }
}
