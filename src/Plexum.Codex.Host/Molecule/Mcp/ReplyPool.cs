using System.Collections.Concurrent;

namespace Plexum.Codex.Host.Molecule.Mcp;

/// <summary>
/// Processes for replies, beside the one of the inbox: each carries out one call at a time, and a <c>delegate_task</c> may take ten
/// minutes. No more than a few; whoever comes then waits.
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

    /// <summary>Calls a tool of a process that has nothing else to do.</summary>
    /// <inheritdoc cref="MoleculeChild.CallAsync" path="/param|/returns|/exception"/>
    public async Task<string> CallAsync(
        string tool, IReadOnlyDictionary<string, object?> arguments, TimeSpan limit, CancellationToken cancellationToken)
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
