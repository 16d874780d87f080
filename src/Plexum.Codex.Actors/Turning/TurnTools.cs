using Akka.Actor;
using Plexum.Codex.Backend;
using Plexum.Codex.Tools;

namespace Plexum.Codex.Turns;

/// <summary>The host's tools of a turn: opened once, closed at its end. It belongs to the turn's actor.</summary>
/// <param name="turn">The turn.</param>
/// <param name="bridge">The agent's <see cref="ToolBridgeActor"/>; null for a turn without tools.</param>
internal sealed class TurnTools(TurnToRun turn, IActorRef? bridge)
{
    private bool _tried;

    /// <summary>Whether they have to be opened before the turn starts. A second attempt finds what the first one had.</summary>
    public bool AreToOpen => bridge is not null && !_tried;

    /// <summary>Where codex reaches them; null when it cannot.</summary>
    public ToolServer? Server { get; private set; }

    public void Open() => Open(ToolToken.New());

    /// <summary>codex's connection was cut with the earlier process of this program; one that has not connected yet still can.</summary>
    /// <returns>Whether the recovered turn has tools.</returns>
    public bool TryReopen(string? token)
    {
        if (token is null || bridge is null)
        {
            return false;
        }

        Open(ToolToken.Of(token));
        return true;
    }

    /// <summary>Takes in the answer of the bridge.</summary>
    /// <returns>Why the tools cannot be reached; null when they can.</returns>
    public string? TakeIn(ToolBridgeProtocol.TurnOpened opened)
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
