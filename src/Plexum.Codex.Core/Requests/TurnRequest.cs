using System.Collections.Immutable;
using Plexum.Codex.Options;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Requests;

/// <summary>A turn as a host requests it, unchecked.</summary>
/// <param name="AgentId">The agent whose turn it is.</param>
/// <param name="Workspace">The absolute path of the directory in which codex works.</param>
/// <param name="Model">The host's model id; null, empty and <c>codex</c> leave the choice to codex.</param>
/// <param name="Messages">
/// The conversation, oldest first. Only the last user message with text is sent, because codex keeps the thread.
/// </param>
public sealed record TurnRequest(AgentId AgentId, string? Workspace, string? Model, ImmutableArray<TurnMessage> Messages)
{
    /// <summary>The host's tools for this turn.</summary>
    public ImmutableArray<ToolDefinition> Tools { get; init; } = [];

    /// <summary>The time limit, including the wait for the agent and the thread; null for the default from the settings.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>Whether the turn begins a new thread, so that codex does not know the agent's earlier turns.</summary>
    public bool NewThread { get; init; }

    /// <summary>
    /// What the model's commands may do; null for the default from the settings. This program's own surfaces may set any value; one that
    /// comes from outside must be at least as strict as the default.
    /// </summary>
    public CodexSandbox? Sandbox { get; init; }

    /// <summary>How codex works in this turn.</summary>
    public TurnOptions Options { get; init; } = TurnOptions.None;
}

/// <summary>Who a message is from.</summary>
public enum MessageRole
{
    /// <summary>The host or its developer.</summary>
    System,

    /// <summary>The user, or whatever speaks in a user's place.</summary>
    User,

    /// <summary>The model.</summary>
    Assistant,

    /// <summary>A tool's result.</summary>
    Tool,
}

/// <summary>One message of a <see cref="TurnRequest"/>.</summary>
/// <param name="Role">Who it is from.</param>
/// <param name="Content">Its blocks in order.</param>
public sealed record TurnMessage(MessageRole Role, ImmutableArray<ContentBlock> Content)
{
    /// <summary>Creates a user message with one block of text.</summary>
    public static TurnMessage User(string text) => new(MessageRole.User, [new ContentBlock.Text(text)]);
}
