using System.Collections.Immutable;

namespace Plexum.Codex.Turns;

/// <summary>A turn as a host asks for it. Nothing in it has been checked yet.</summary>
/// <param name="AgentId">The agent whose turn it is.</param>
/// <param name="Workspace">The absolute path of the directory in which codex works.</param>
/// <param name="Model">A model id as the host knows it; null, empty and <c>codex</c> leave the choice to codex.</param>
/// <param name="Messages">The conversation, oldest first. Only the last message of the user with text is sent: codex keeps the thread.</param>
public sealed record TurnRequest(AgentId AgentId, string? Workspace, string? Model, ImmutableArray<TurnMessage> Messages)
{
    /// <summary>The tools of the host's for this turn.</summary>
    public ImmutableArray<ToolDefinition> Tools { get; init; } = [];

    /// <summary>How long it may take, its waiting for the agent and the thread included; null for what the settings say.</summary>
    public TimeSpan? Timeout { get; init; }
}

/// <summary>Who a message is from.</summary>
public enum MessageRole
{
    /// <summary>The host or its developer.</summary>
    System,

    /// <summary>The person, or whatever speaks in a person's place.</summary>
    User,

    /// <summary>The model.</summary>
    Assistant,

    /// <summary>A tool's answer.</summary>
    Tool,
}

/// <summary>One message of a <see cref="TurnRequest"/>.</summary>
/// <param name="Role">Who it is from.</param>
/// <param name="Content">Its blocks in order.</param>
public sealed record TurnMessage(MessageRole Role, ImmutableArray<ContentBlock> Content)
{
    /// <summary>A message of the user with one block of text.</summary>
    public static TurnMessage User(string text) => new(MessageRole.User, [new ContentBlock.Text(text)]);
}
