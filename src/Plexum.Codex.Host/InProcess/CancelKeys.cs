using System.Runtime.InteropServices;

namespace Plexum.Codex.Host.InProcess;

/// <summary>
/// Handles Ctrl-C, SIGTERM and a lost terminal (SIGHUP) while turns run: the first signal cancels them, the second kills codex, the
/// third ends this program as it would by default. codex itself does not get these signals, since it runs in its own session.
/// </summary>
internal sealed class CancelKeys : IDisposable
{
    private readonly Action<bool> _cancel;
    private readonly PosixSignalRegistration[] _registrations;
    private int _pressed;

    /// <param name="cancel">Cancels the turns; true kills codex.</param>
    public CancelKeys(Action<bool> cancel)
        : this(cancel, PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP) { }

    /// <param name="cancel">Cancels the turns; true kills codex.</param>
    /// <param name="signals">The signals to handle; others are left alone.</param>
    public CancelKeys(Action<bool> cancel, params PosixSignal[] signals)
    {
        _cancel = cancel;
        _registrations = [.. signals.Select(signal => PosixSignalRegistration.Create(signal, OnSignal))];
    }

    /// <summary>Whether a signal was received.</summary>
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
