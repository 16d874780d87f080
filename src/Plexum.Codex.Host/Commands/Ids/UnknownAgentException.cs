namespace Plexum.Codex.Host.Commands.Ids;

/// <summary>A command was given an agent that there is not.</summary>
/// <param name="message">A full sentence that names it, and what to do.</param>
internal sealed class UnknownAgentException(string message) : CodexException(message);
