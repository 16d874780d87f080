using System.Collections.Concurrent;

namespace Plexum.Codex.Molecule.Mcp;

/// <summary>
/// A small pool of processes for replies, besides the one for the inbox: each runs one call at a time, and a <c>delegate_task</c> may take
/// ten minutes. Calls wait while all of them are busy.
/// </summary>
internal sealed class ReplyPool : IAsyncDisposable
{
    private readonly ChildSlot[] _slots;
    private readonly ConcurrentStack<ChildSlot> _idle;
    private readonly SemaphoreSlim _free;

    public ReplyPool(int size, Func<ChildSlot> make)
    {
        _slots = [.. Enumerable.Range(0, size).Select(_ => make())];
        _idle = new ConcurrentStack<ChildSlot>(_slots);
        _free = new SemaphoreSlim(size);
    }

    /// <summary>Calls a tool on an idle process.</summary>
    /// <inheritdoc cref="MoleculeChild.CallAsync" path="/param|/returns|/exception"/>
    public async Task<string> CallAsync(
        string tool,
        IReadOnlyDictionary<string, object?> arguments,
        TimeSpan limit,
        CancellationToken cancellationToken
    )
    {
        await _free.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            _idle.TryPop(out var slot);
            try
            {
                return await slot!.CallAsync(tool, arguments, limit, cancellationToken).ConfigureAwait(false);
            }
            finally
            {
                _idle.Push(slot!);
            }
        }
        finally
        {
            _free.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(_slots.Select(slot => slot.DisposeAsync().AsTask())).ConfigureAwait(false);
        _free.Dispose();
    }
}
