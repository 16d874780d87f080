namespace Plexum.Codex.Host.Hocon;

/// <summary>The value of a key: a text, a list or an object, possibly built from several pieces.</summary>
internal sealed class HoconValue
{
    private readonly List<IHoconElement> _elements = [];

    /// <summary>An empty value.</summary>
    public HoconValue() { }

    public HoconValue(IHoconElement element) => _elements.Add(element);

    /// <summary>The line on which its key was last set, counted from 1; 0 for an item of a list.</summary>
    public int Line { get; set; }

    /// <summary>Whether it is a list.</summary>
    public bool IsList => _elements.Exists(element => element.IsList);

    /// <summary>Its trimmed text; null for <c>null</c>, lists and objects. Numbers and durations are text.</summary>
    public string? Text
    {
        get
        {
            if (!_elements.Exists(element => element is { IsText: true, Text: not null }))
            {
                return null;
            }

            var text = string.Concat(_elements.Select(element => element.Text)).Trim();
            return text == "null" ? null : text;
        }
    }

    /// <summary>Its items; empty if it is not a list.</summary>
    public IReadOnlyList<HoconValue> Items => [.. _elements.SelectMany(element => element.Items)];

    /// <summary>The object that it is, or null.</summary>
    public HoconObject? Object => _elements.Select(element => element.Object).FirstOrDefault(found => found is not null);

    /// <summary>The pieces.</summary>
    public IReadOnlyList<IHoconElement> Elements => _elements;

    /// <summary>Whether it has pieces that cannot be joined, so that reading it would lose some of them.</summary>
    public bool IsMixed
    {
        get
        {
            var present = _elements.FindAll(element => !element.IsNothing);
            return present.Count > 1 && (Object is not null || (IsList && present.Exists(element => element.IsText)));
        }
    }

    public void Add(IHoconElement element) => _elements.Add(element);

    public void Clear() => _elements.Clear();

    /// <summary>The value as an object; replaces any other content with a new object.</summary>
    public HoconObject ToObject()
    {
        if (Object is { } existing)
        {
            return existing;
        }

        var created = new HoconObject();
        _elements.Clear();
        _elements.Add(created);
        return created;
    }
}
