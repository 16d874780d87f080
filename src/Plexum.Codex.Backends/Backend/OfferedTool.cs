namespace Plexum.Codex.Backend;

/// <summary>A tool of the host as codex is told of it.</summary>
/// <param name="Name">The tool's own name, any 1 to 128 characters.</param>
/// <param name="Description">What it does, for the model; empty if the host does not say.</param>
/// <param name="InputSchema">The JSON schema of its arguments, a JSON object as text.</param>
public sealed record OfferedTool(string Name, string Description, string InputSchema)
{
    /// <summary>
    /// The name that the model is shown where codex takes letters, digits, underscores and dashes only, as it does in <c>dynamicTools</c>
    /// (measured on 0.169.0 and 0.171.0).
    /// </summary>
    public string ModelName => ModelNameOf(Name);

    /// <summary>The name under which the model is shown a tool: every other character is an underscore.</summary>
    public static string ModelNameOf(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return string.Concat(name.Select(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' ? c : '_'));
    }
}
