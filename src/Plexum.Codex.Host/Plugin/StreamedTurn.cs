using Plexum.Codex.Turns;

namespace Plexum.Codex.Host.Plugin;

/// <summary>A turn whose events go to the host.</summary>
/// <param name="Id">The turn.</param>
/// <param name="Agent">Its agent.</param>
/// <param name="Workspace">Where codex works; null where nobody knows any more.</param>
/// <param name="Model">The model that the host named.</param>
internal sealed record StreamedTurn(TurnId Id, AgentId Agent, string? Workspace, string? Model)
{
    /// <summary>The length of the prompt in bytes of UTF-8; null where nobody knows any more.</summary>
    public int? PromptLength { get; init; }

    /// <summary>Whether there may be calls of the host's tools.</summary>
    public bool MayHaveTools { get; init; } = true;
}
