namespace Plexum.Codex.Host.Plugin.Rpc;

/// <summary>The only writer to the host: writes whole lines, in the order of the calls.</summary>
internal sealed class FrameWriter(Stream output) : IDisposable
{
    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly TaskCompletionSource _broken = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when the host has closed its end.</summary>
    public Task Broken => _broken.Task;

    /// <summary>Writes a line; waits while the host does not read. Cancellation never cuts a line short.</summary>
    /// <exception cref="HostGoneException">The host has closed its end.</exception>
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

/// <summary>The host has closed its end of the connection.</summary>
internal sealed class HostGoneException(Exception innerException) : CodexException("The host has closed the connection.", innerException);
