using Plexum.Codex.Turns;

namespace Plexum.Codex.Host.Plugin.Streams;

/// <summary>A turn whose events are streamed to the host.</summary>
/// <param name="Id">The turn.</param>
/// <param name="Agent">Its agent.</param>
/// <param name="Workspace">Where codex works; null if unknown.</param>
/// <param name="Model">The model that the host requested.</param>
internal sealed record StreamedTurn(TurnId Id, AgentId Agent, string? Workspace, string? Model)
{
    /// <summary>The length of the prompt in bytes of UTF-8; null if unknown.</summary>
    public int? PromptLength { get; init; }

    /// <summary>Whether the model may call the host's tools.</summary>
    public bool MayHaveTools { get; init; } = true;
}
