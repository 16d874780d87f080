namespace Plexum.Codex.Json;

/// <summary>One line of a <see cref="JsonlFramer"/>, or the report that one was too long.</summary>
public readonly ref struct JsonlLine
{
    /// <param name="bytes">The bytes without the line's ending; empty for a line that was too long.</param>
    /// <param name="offset">The line's offset in the file.</param>
    /// <param name="length">The line's length, even if it was too long to keep.</param>
    public JsonlLine(ReadOnlySpan<byte> bytes, long offset, long length)
    {
        Bytes = bytes;
        Offset = offset;
        Length = length;
    }

    /// <summary>The bytes without the line's ending; empty for a line that was too long.</summary>
    public ReadOnlySpan<byte> Bytes { get; }

    /// <summary>The line's offset in the file.</summary>
    public long Offset { get; }

    /// <summary>The line's length, even if it was too long to keep.</summary>
    public long Length { get; }

    /// <summary>Whether it was too long and was not kept.</summary>
    public bool IsTooLong => Bytes.IsEmpty && Length > 0;
}
