using System.Text.Json;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Host.Client;

/// <summary>
/// Reads the calls of a turn's tools, until the turn is over. A connection that breaks is made anew, and then a call that is not answered
/// yet comes once more.
/// </summary>
/// <param name="http">The way to the daemon.</param>
/// <param name="time">The clock.</param>
/// <param name="patience">How long the daemon may be away.</param>
/// <param name="silence">How long nothing may come on a connection.</param>
/// <param name="turn">The turn.</param>
public sealed class ToolCallReader(HttpClient http, TimeProvider time, TimeSpan patience, TimeSpan silence, TurnId turn) : IAsyncDisposable
{
    private readonly Patience _patience = new(time, patience);
    private EventStream? _calls;

    /// <summary>The next call; null when the turn is over.</summary>
    /// <exception cref="DaemonException">The daemon was away for too long, or refuses.</exception>
    public async ValueTask<OfferedToolCall?> NextAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await _patience.TryAsync(MoveAsync, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (Patience.IsOfConnection(e))
        {
            throw new DaemonException($"The daemon was away for {patience.TotalSeconds:0} seconds.", DaemonProblem.Failed, e);
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
            _calls ??= await EventStream.OpenAsync(
                http, time, silence, $"/v1/turns/{turn}/tool-calls", 0, cancellationToken).ConfigureAwait(false);
            return _calls is null ? null
                : await _calls.MoveNextAsync().ConfigureAwait(false) ? OfferedToolCall.Read(_calls.Current.Data)
                : throw new EndOfStreamException("The calls ended; whether the turn did too is asked next.");
        }
        catch
        {
            if (_calls is { IsProven: true })
            {
                _patience.Seen();
            }

            await DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }
}

/// <summary>A call of a turn's tool that waits for its answer.</summary>
/// <param name="CallId">Its id, unique in the turn.</param>
/// <param name="Name">The tool.</param>
/// <param name="Arguments">A JSON object, as text.</param>
public sealed record OfferedToolCall(string CallId, string Name, string Arguments)
{
    /// <exception cref="IOException">It is no call.</exception>
    public static OfferedToolCall Read(byte[] json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            var root = document.RootElement;
            return new OfferedToolCall(root.GetProperty("call_id").GetString()!, root.GetProperty("name").GetString()!, root.GetProperty("arguments").GetRawText());
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            throw new IOException("The daemon offers a call that cannot be understood; it may be of another version than this program.", e);
        }
    }
}
