namespace Plexum.Codex.LoopbackModel.Requests;

/// <summary>A tool that a request offers to the model.</summary>
/// <param name="Name">The tool's name.</param>
/// <param name="Namespace">The tool's namespace, or null; the tools of an MCP server have one.</param>
/// <param name="Kind">How it is called: <c>function</c> or <c>custom</c>; hosted tools have kinds of their own.</param>
public sealed record OfferedTool(string Name, string? Namespace, string Kind)
{
    /// <summary>The tool as <c>namespace.name</c>, or the bare name.</summary>
    public override string ToString() => Namespace is null ? Name : $"{Namespace}.{Name}";
}
