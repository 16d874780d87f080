namespace Plexum.Codex.Tools;

/// <summary>A part of a tool's answer: <see cref="Text"/> or <see cref="Image"/>.</summary>
public abstract record ToolContent
{
    private ToolContent() { }

    /// <summary>Text for the model.</summary>
    /// <param name="Value">The text.</param>
    public sealed record Text(string Value) : ToolContent;

    /// <summary>An image for the model.</summary>
    /// <param name="MediaType">For example <c>image/png</c>.</param>
    /// <param name="Base64">The image's bytes in base64.</param>
    public sealed record Image(string MediaType, string Base64) : ToolContent;
}
