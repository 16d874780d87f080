using System.Runtime.InteropServices;

namespace Plexum.Codex.Host.Commands;

/// <summary>
/// Ctrl-C and SIGTERM while a turn runs: the first one cancels the turn, a second one kills codex. codex itself does not get
/// them, since it runs in a session of its own.
/// </summary>
internal sealed class CancelKeys : IDisposable
{
    private readonly Action<bool> _cancel;
    private readonly PosixSignalRegistration[] _registrations;
    private int _pressed;

    public CancelKeys(Action<bool> cancel)
    {
        _cancel = cancel;
        _registrations =
        [
            PosixSignalRegistration.Create(PosixSignal.SIGINT, OnSignal),
            PosixSignalRegistration.Create(PosixSignal.SIGTERM, OnSignal),
        ];
    }

    public void Dispose()
    {
        foreach (var registration in _registrations)
        {
            registration.Dispose();
        }
    }

    private void OnSignal(PosixSignalContext context)
    {
        context.Cancel = true;
        _cancel(Interlocked.Increment(ref _pressed) > 1);
    }
}
