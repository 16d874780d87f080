using Akka.Actor;
using Plexum.Codex.Backend;
using Plexum.Codex.Tools;
using Plexum.Codex.Tools.Connections;

namespace Plexum.Codex.Turns;

/// <summary>The host's tools in one turn, opened once and closed at its end. Part of the turn's actor.</summary>
/// <param name="turn">The turn.</param>
/// <param name="bridge">The agent's <see cref="ToolBridgeActor"/>; null for a turn without tools.</param>
internal sealed class TurnTools(TurnToRun turn, IActorRef? bridge)
{
    private bool _tried;

    /// <summary>Whether the tools have yet to be opened. A second attempt to start codex uses those of the first.</summary>
    public bool AreToOpen => bridge is not null && !_tried;

    /// <summary>Where codex reaches the tools; null if it cannot.</summary>
    public ToolServer? Server { get; private set; }

    public void Open() => Open(ToolToken.New());

    /// <summary>
    /// Opens the tools of a recovered turn under their old token. A codex that was connected to the earlier process does not reconnect, but
    /// one that has not connected yet still can.
    /// </summary>
    /// <returns>Whether the turn has tools.</returns>
    public bool TryReopen(string? token)
    {
        if (token is null || bridge is null)
        {
            return false;
        }

        Open(ToolToken.Of(token));
        return true;
    }

    /// <summary>Handles the bridge's answer.</summary>
    /// <returns>Why the tools cannot be reached; null if they can.</returns>
    public string? OnOpened(ToolBridgeProtocol.TurnOpened opened)
    {
        Server = opened.Server;
        return opened.Failure;
    }

    public void Close() => bridge?.Tell(new ToolBridgeProtocol.CloseTurn(turn.TurnId));

    private void Open(ToolToken token)
    {
        _tried = true;
        bridge!.Tell(new ToolBridgeProtocol.OpenTurn(turn.TurnId, turn.Request.Tools, turn.ToolHandler, token));
    }
}
