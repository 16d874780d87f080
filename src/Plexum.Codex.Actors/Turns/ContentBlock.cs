namespace Plexum.Codex.Turns;

/// <summary>
/// A part of a message: <see cref="Text"/>, <see cref="Image"/>, or <see cref="Other"/>. Printing one shows its size and
/// never what it says.
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

    /// <summary>An image, given in one of three ways; where several are set, <paramref name="Base64"/> goes before
    /// <paramref name="Path"/> and that before <paramref name="Url"/>.</summary>
    /// <param name="MediaType">For example <c>image/png</c>; null when the host does not know.</param>
    /// <param name="Base64">The image itself.</param>
    /// <param name="Path">The absolute path of a file.</param>
    /// <param name="Url">An address; only <c>data:</c> addresses can be used.</param>
    public sealed record Image(string? MediaType, string? Base64 = null, string? Path = null, string? Url = null) : ContentBlock
    {
        /// <inheritdoc/>
        public override string ToString() => $"Image({MediaType ?? "unknown type"})";
    }

    /// <summary>A block that codex cannot take; it is passed over.</summary>
    /// <param name="Type">Its type as the host calls it.</param>
    public sealed record Other(string Type) : ContentBlock;
}
