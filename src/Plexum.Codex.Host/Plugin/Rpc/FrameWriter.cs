namespace Plexum.Codex.Host.Plugin.Rpc;

/// <summary>The one way out to the host: one whole line after the other, in the order in which they were handed in.</summary>
internal sealed class FrameWriter(Stream output) : IDisposable
{
    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly TaskCompletionSource _broken = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when the host reads no more.</summary>
    public Task Broken => _broken.Task;

    /// <summary>Writes a line; it waits as long as the host does not read. A line that has been begun is finished.</summary>
    /// <exception cref="HostGoneException">The host reads no more.</exception>
    public async Task WriteAsync(ReadOnlyMemory<byte> frame, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            await output.WriteAsync(frame, CancellationToken.None).ConfigureAwait(false);
            await output.FlushAsync(CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            _broken.TrySetResult();
            throw new HostGoneException(e);
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose() => _turn.Dispose();
}

/// <summary>The host reads no more.</summary>
internal sealed class HostGoneException(Exception innerException) : CodexException("The host reads no more.", innerException);
