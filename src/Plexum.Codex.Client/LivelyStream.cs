using Plexum.Codex.Streams;

namespace Plexum.Codex.Client;

/// <summary>A stream that fails if the other end is silent for too long.</summary>
/// <param name="inner">The stream; disposed with this one.</param>
/// <param name="time">The clock.</param>
/// <param name="silence">How long the other end may be silent.</param>
internal sealed class LivelyStream(Stream inner, TimeProvider time, TimeSpan silence) : OuterStream(inner)
{
    /// <exception cref="IOException">The other end was silent for too long.</exception>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        using var limit = new CancellationTokenSource(silence, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            return await Inner.ReadAsync(buffer, either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new IOException($"No data arrived for {silence.TotalSeconds:0} seconds.");
        }
    }
}
