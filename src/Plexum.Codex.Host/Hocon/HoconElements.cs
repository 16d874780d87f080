namespace Plexum.Codex.Host.Hocon;

/// <summary>A piece of a <see cref="HoconValue"/>: a text, a list, an object or a reference to another value.</summary>
internal interface IHoconElement
{
    /// <summary>Whether it has no content: blanks next to another piece, or an unresolved optional reference.</summary>
    bool IsNothing => false;

    /// <summary>Whether it is text, or refers to text.</summary>
    bool IsText => false;

    /// <summary>Its text, or null.</summary>
    string? Text => null;

    /// <summary>Whether it is a list, or refers to one.</summary>
    bool IsList => false;

    /// <summary>Its items, if it is a list or refers to one.</summary>
    IEnumerable<HoconValue> Items => [];

    /// <summary>The object that it is or refers to, or null.</summary>
    HoconObject? Object => null;
}

/// <summary>Quoted or unquoted text.</summary>
internal sealed class HoconText(string text) : IHoconElement
{
    public bool IsText => true;

    public string Text => text;
}

/// <summary>Blanks next to another piece; they belong to the text if both neighbours are text.</summary>
internal sealed class HoconBlank(string text) : IHoconElement
{
    public bool IsNothing => true;

    public string Text => text;
}

/// <summary>A list in brackets.</summary>
internal sealed class HoconList(List<HoconValue> items) : IHoconElement
{
    public bool IsList => true;

    public IEnumerable<HoconValue> Items => items;
}

/// <summary><c>${path}</c>; resolved after the whole text has been read.</summary>
internal sealed class HoconReference(HoconToken token, HoconValue owner) : IHoconElement
{
    public string Path => token.Text;

    /// <summary>Its position in the text.</summary>
    public int Position => token.Position;

    /// <summary>Whether it is written <c>${?path}</c>.</summary>
    public bool IsOptional => token.Kind == HoconTokenKind.OptionalReference;

    /// <summary>The value that it is a piece of.</summary>
    public HoconValue Owner => owner;

    public HoconValue? Target { get; set; }

    public bool IsNothing => Target is null;

    public bool IsText => Target is { IsList: false, Object: null };

    public string? Text => Target?.Text;

    public bool IsList => Target?.IsList ?? false;

    public IEnumerable<HoconValue> Items => Target?.Items ?? [];

    public HoconObject? Object => Target?.Object;
}
