using System.Runtime.InteropServices;

namespace Plexum.Codex.Host.Commands;

/// <summary>
/// Ctrl-C, SIGTERM and a lost terminal while turns run: the first one cancels them, a second one kills codex, a third one ends
/// this program as it would have without us. codex itself does not get them, since it runs in a session of its own.
/// </summary>
internal sealed class CancelKeys : IDisposable
{
    private readonly Action<bool> _cancel;
    private readonly PosixSignalRegistration[] _registrations;
    private int _pressed;

    /// <param name="cancel">Ends the turns; true kills.</param>
    public CancelKeys(Action<bool> cancel)
    {
        _cancel = cancel;
        _registrations =
        [
            PosixSignalRegistration.Create(PosixSignal.SIGINT, OnSignal),
            PosixSignalRegistration.Create(PosixSignal.SIGTERM, OnSignal),
            PosixSignalRegistration.Create(PosixSignal.SIGHUP, OnSignal),
        ];
    }

    /// <summary>Whether one came.</summary>
    public bool ArePressed => Volatile.Read(ref _pressed) > 0;

    public void Dispose()
    {
        foreach (var registration in _registrations)
        {
            registration.Dispose();
        }
    }

    private void OnSignal(PosixSignalContext context)
    {
        var pressed = Interlocked.Increment(ref _pressed);
        context.Cancel = pressed <= 2;
        if (context.Cancel)
        {
            _cancel(pressed == 2);
        }
    }
}
