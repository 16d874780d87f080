using System.Collections.Immutable;
using Plexum.Codex.Requests;
using Plexum.Codex.Tools.Connections;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Tools;

/// <summary>
/// What a loaded thread keeps from one turn to the next: its relay stays connected under the same token, so that the thread need not be
/// loaded again. Between turns, nothing is called.
/// </summary>
/// <param name="Token">The token that the relay has shown.</param>
/// <param name="Thread">The thread that the relay serves.</param>
/// <param name="Tools">The tools that codex was told.</param>
internal sealed record KeptTools(ToolToken Token, ThreadId Thread, ImmutableArray<ToolDefinition> Tools)
{
    /// <summary>Whether a turn goes on in that thread with those tools.</summary>
    public bool Fits(ToolBridgeProtocol.OpenTurn open) =>
        open.Run.KeepsToolConnections && open.Token.Text is not null && open.Thread == Thread && open.Tools.SequenceEqual(Tools);
}
