using System.Globalization;
using Plexum.Codex.Molecule.Platform;

namespace Plexum.Codex.Molecule.Mcp;

/// <summary>
/// A slot for one process, which is started on demand and again after it has died. After a process that died early, calls fail for a
/// while, from a second to a minute, before the next start.
/// </summary>
internal sealed class ChildSlot(MoleculeMcpProgram program, bool withInbox, TimeProvider time) : IAsyncDisposable
{
    private static readonly TimeSpan MinPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan MaxPause = TimeSpan.FromMinutes(1);

    private readonly CancellationTokenSource _stop = new();
    private readonly SemaphoreSlim _gate = new(1);
    private MoleculeChild? _child;
    private PlatformException? _problem;
    private TimeSpan _pause;
    private long _endedAt;
    private bool _disposed;

    /// <summary>Called before each start.</summary>
    public Action BeforeStart { get; init; } = () => { };

    /// <summary>Calls a tool of the process.</summary>
    /// <inheritdoc cref="MoleculeChild.CallAsync" path="/param|/returns|/exception"/>
    public async Task<string> CallAsync(
        string tool,
        IReadOnlyDictionary<string, object?> arguments,
        TimeSpan limit,
        CancellationToken cancellationToken
    )
    {
        var child = await GetAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            var answer = await child.CallAsync(tool, arguments, limit, cancellationToken).ConfigureAwait(false);
            _pause = TimeSpan.Zero;
            return answer;
        }
        catch (PlatformException e)
        {
            _problem = e;
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _gate.WaitAsync().ConfigureAwait(false);
        _disposed = true;
        await DropAsync().ConfigureAwait(false);
        _gate.Release();
        _gate.Dispose();
        _stop.Dispose();
    }

    private async Task<MoleculeChild> GetAsync(CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            if (_child is { IsUsable: true } usable)
            {
                return usable;
            }

            await DropAsync().ConfigureAwait(false);
            ThrowIfTooEarly();
            return _child = await StartAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _gate.Release();
        }
    }

    private async Task<MoleculeChild> StartAsync(CancellationToken cancellationToken)
    {
        try
        {
            BeforeStart();
            using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _stop.Token);
            return await MoleculeChild.StartAsync(program, withInbox, either.Token).ConfigureAwait(false);
        }
        catch (PlatformException e)
        {
            NoteEnd(e);
            throw;
        }
    }

    private async Task DropAsync()
    {
        if (_child is { } child)
        {
            _child = null;
            await child.DisposeAsync().ConfigureAwait(false);
            NoteEnd(_problem);
        }
    }

    private void NoteEnd(PlatformException? problem)
    {
        _problem = problem;
        _endedAt = time.GetTimestamp();
        _pause =
            _pause == TimeSpan.Zero ? MinPause
            : _pause * 2 < MaxPause ? _pause * 2
            : MaxPause;
    }

    private void ThrowIfTooEarly()
    {
        var left = _pause - time.GetElapsedTime(_endedAt);
        if (left > TimeSpan.Zero)
        {
            throw _problem is PlatformRefusedException refused
                ? refused
                : new PlatformUnavailableException(
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"{_problem?.Message ?? "molecule-mcp has exited."} It is restarted in {left.TotalSeconds:0.#} seconds."
                    ),
                    left
                );
        }
    }
}
