using Plexum.Codex.Client;
using Plexum.Codex.Host.Rendering;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Host.Commands.Turns;

/// <summary>Cancels a daemon's turn on a signal, even one that arrives before the turn's id is known.</summary>
internal sealed class RemoteCancel(DaemonClient daemon)
{
    private readonly Lock _gate = new();
    private TurnId? _turn;
    private bool? _wanted;
    private Task _sending = Task.CompletedTask;

    /// <summary>Cancels the turn.</summary>
    /// <param name="force">Whether to kill codex at once.</param>
    public void Press(bool force)
    {
        lock (_gate)
        {
            _wanted = force;
        }

        SendIfKnown();
    }

    /// <summary>Notes the id of the accepted turn.</summary>
    public void Know(TurnId turn)
    {
        lock (_gate)
        {
            _turn = turn;
        }

        SendIfKnown();
    }

    private void SendIfKnown()
    {
        lock (_gate)
        {
            if (_turn is { } turn && _wanted is { } force)
            {
                _wanted = null;
                _sending = SendAsync(_sending, turn, force);
            }
        }
    }

    private async Task SendAsync(Task before, TurnId turn, bool force)
    {
        await before.ConfigureAwait(false);
        try
        {
            await daemon.CancelAsync(turn, force).ConfigureAwait(false);
        }
        catch (CodexException e)
        {
            StderrMessages.Write($"The turn was not cancelled. {e.Message}");
        }
    }
}
