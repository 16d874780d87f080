using Akka.Actor;
using Plexum.Codex.Backend;
using Plexum.Codex.Tools;
using Plexum.Codex.Tools.Connections;
using Plexum.Codex.Turns.Parts;

namespace Plexum.Codex.Turns;

/// <summary>The host's tools in one turn: opened before codex is started, closed at the turn's end. Part of the turn's actor.</summary>
/// <param name="hold">The turn.</param>
/// <param name="bridge">The agent's <see cref="ToolBridgeActor"/>; null for a turn without tools.</param>
internal sealed class TurnTools(TurnHold hold, IActorRef? bridge)
{
    private readonly ToolCalling _calls = new(bridge);
    private ToolToken? _token;

    /// <summary>
    /// Whether the tools have yet to be opened for a codex that is to be started. A second attempt uses those of the first, unless an
    /// earlier process of this program made that one: its token is not known here.
    /// </summary>
    public bool AreToOpen => bridge is not null && _token?.Text is null;

    /// <summary>Where codex reaches the tools; null if it cannot.</summary>
    public ToolServer? Server { get; private set; }

    public void Open() => Open(ToolToken.New());

    /// <summary>
    /// Opens the tools of a recovered turn under their old token. A codex that was connected to the earlier process does not reconnect, but
    /// one that has not connected yet still can.
    /// </summary>
    /// <returns>Whether the turn has tools.</returns>
    public bool TryReopen(ToolTokenHash? token)
    {
        if (token is null || bridge is null)
        {
            return false;
        }

        Open(ToolToken.Of(token));
        return true;
    }

    /// <summary>Takes the bridge's answer.</summary>
    /// <returns>Whether it is the one to the last opening.</returns>
    public bool TryTake(ToolBridgeProtocol.TurnOpened opened)
    {
        if (opened.Token != _token)
        {
            return false;
        }

        Server = opened.Server;
        return true;
    }

    /// <summary>The run hands up a call of a tool, or needs no answer to one any more.</summary>
    public void Take(CodexBackendProtocol.IToolReport report, IActorRef run) => _calls.Take(report, run);

    /// <summary>The bridge has failed.</summary>
    /// <returns>Why the tools are not there, as the end of a sentence.</returns>
    public string Lose()
    {
        _calls.Lose();
        return "plexum-codex failed; see its log for details";
    }

    public void Close() => bridge?.Tell(new ToolBridgeProtocol.CloseTurn(hold.Turn.TurnId));

    private void Open(ToolToken token)
    {
        var turn = hold.Turn;
        _token = token;
        bridge!.Tell(
            new ToolBridgeProtocol.OpenTurn(turn.TurnId, turn.Request.Tools, turn.ToolHandler, token, hold.Run) { Thread = hold.Thread }
        );
    }
}
