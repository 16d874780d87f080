using Plexum.Codex.AppServer.Wire;

namespace Plexum.Codex.AppServer.Running;

/// <summary>
/// Finds out that a server hangs. One request without an answer says nothing, since a burst of requests is never answered (measured on
/// 0.169.0); a server that then says nothing at all until a second one is overdue will not come back. Used in the turn of the server's
/// actor only.
/// </summary>
/// <param name="link">The server.</param>
/// <param name="hangs">Gets the fault of a server that hangs.</param>
internal sealed class ServerPulse(ServerLink link, Action<AppServerFault> hangs)
{
    private bool _isAsking;
    private bool _isHeard;

    /// <summary>Learns what came of the server, or did not come.</summary>
    public void Note(AppServerReport report)
    {
        if (report is not AppServerReport.Done { Fault.Kind: AppServerFaultKind.NoAnswer })
        {
            _isHeard = true;
        }
        else if (!_isAsking)
        {
            (_isAsking, _isHeard) = (true, false);
            link.Ask(AppServerMethods.LoadedList, [], Take);
        }
    }

    private void Take(AppServerReport.Done done)
    {
        _isAsking = false;
        if (!_isHeard && done.Fault is { Kind: AppServerFaultKind.NoAnswer })
        {
            hangs(new AppServerFault(AppServerFaultKind.ServerDown, "codex app-server answered nothing any more, so it was ended."));
        }
    }
}
