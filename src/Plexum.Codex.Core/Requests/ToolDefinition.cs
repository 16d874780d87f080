namespace Plexum.Codex.Requests;

/// <summary>A tool that the host offers for a turn.</summary>
/// <param name="Name">Its name, unique within the turn.</param>
/// <param name="Description">What it does, for the model; null if the host does not say.</param>
/// <param name="InputSchema">The JSON schema of its arguments, as JSON text; null for none.</param>
public sealed record ToolDefinition(string Name, string? Description, string? InputSchema);
