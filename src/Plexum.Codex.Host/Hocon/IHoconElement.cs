namespace Akka.Configuration.Hocon;

/// <summary>A piece of a <see cref="HoconValue"/>: a text, a list, an object or a reference to another value.</summary>
internal interface IHoconElement
{
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

/// <summary>Quoted or unquoted text, or the blanks between two pieces of it.</summary>
internal sealed class HoconText(string text) : IHoconElement
{
    public bool IsText => true;

    public string Text => text;
}

/// <summary>What stands between brackets.</summary>
internal sealed class HoconList(List<HoconValue> items) : IHoconElement
{
    public bool IsList => true;

    public IEnumerable<HoconValue> Items => items;
}

/// <summary><c>${path}</c>; the value is known once the whole text has been read.</summary>
internal sealed class HoconReference(string path, int position) : IHoconElement
{
    public string Path => path;

    /// <summary>Where it stands in the text.</summary>
    public int Position => position;

    public HoconValue? Target { get; set; }

    public bool IsText => Target?.IsString() ?? false;

    public string? Text => Target?.GetString();

    public bool IsList => Target?.IsList ?? false;

    public IEnumerable<HoconValue> Items => Target?.GetArray() ?? [];

    public HoconObject? Object => Target?.GetObject();
}
