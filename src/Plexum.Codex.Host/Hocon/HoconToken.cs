namespace Plexum.Codex.Host.Hocon;

internal enum HoconTokenKind
{
    /// <summary>The end of the text.</summary>
    End,

    /// <summary>A character that is not allowed here.</summary>
    Other,
    Key,
    Include,
    Dot,
    Assign,
    ObjectStart,
    ObjectEnd,
    ListStart,
    Text,

    /// <summary>Blanks and tabs between two pieces of a value.</summary>
    Blank,
    Reference,

    /// <summary><c>${?path}</c>.</summary>
    OptionalReference,
}

/// <param name="Kind">The token's kind.</param>
/// <param name="Position">The index of its first character, counted from 0.</param>
/// <param name="Text">The key, text or path, unquoted and unescaped.</param>
internal readonly record struct HoconToken(HoconTokenKind Kind, int Position, string Text = "");
