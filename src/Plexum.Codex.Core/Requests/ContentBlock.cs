namespace Plexum.Codex.Requests;

/// <summary>
/// A part of a message: <see cref="Text"/>, <see cref="Image"/> or <see cref="Other"/>. <c>ToString</c> shows the size, never
/// the content.
/// </summary>
public abstract record ContentBlock
{
    private ContentBlock() { }

    /// <summary>Text.</summary>
    /// <param name="Value">The text as the host sent it.</param>
    public sealed record Text(string Value) : ContentBlock
    {
        /// <inheritdoc/>
        public override string ToString() => $"Text({Value.Length} characters)";
    }

    /// <summary>An image, given in one of three ways. If several are set, <paramref name="Base64"/> takes precedence over
    /// <paramref name="Path"/>, and that over <paramref name="Url"/>.</summary>
    /// <param name="MediaType">For example <c>image/png</c>; null if the host does not know.</param>
    /// <param name="Base64">The image data.</param>
    /// <param name="Path">The absolute path of a file.</param>
    /// <param name="Url">A URL; only <c>data:</c> URLs are supported.</param>
    public sealed record Image(string? MediaType, string? Base64 = null, string? Path = null, string? Url = null) : ContentBlock
    {
        /// <inheritdoc/>
        public override string ToString() => $"Image({MediaType ?? "unknown type"})";
    }

    /// <summary>A block that codex does not support; it is ignored.</summary>
    /// <param name="Type">The host's name for its type.</param>
    public sealed record Other(string Type) : ContentBlock;
}
