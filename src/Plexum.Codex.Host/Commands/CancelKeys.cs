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
        : this(cancel, PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP)
    {
    }

    /// <param name="cancel">Ends the turns; true kills.</param>
    /// <param name="signals">The signals that do it; others are left as they are.</param>
    public CancelKeys(Action<bool> cancel, params PosixSignal[] signals)
    {
        _cancel = cancel;
        _registrations = [.. signals.Select(signal => PosixSignalRegistration.Create(signal, OnSignal))];
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
