namespace Plexum.Codex.Host.Hocon;

internal enum HoconTokenKind
{
    /// <summary>The text is over.</summary>
    End,

    /// <summary>A character that cannot stand here.</summary>
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

/// <param name="Kind">What it is.</param>
/// <param name="Position">Where it begins, counted in characters from 0.</param>
/// <param name="Text">The key, text or path without its quotes and escapes.</param>
internal readonly record struct HoconToken(HoconTokenKind Kind, int Position, string Text = "");
