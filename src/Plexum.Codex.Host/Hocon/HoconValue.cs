namespace Akka.Configuration.Hocon;

/// <summary>What stands at a key: a text, a list or an object, each possibly put together from several pieces.</summary>
public class HoconValue
{
    private readonly List<IHoconElement> _elements = [];

    /// <summary>A value without content.</summary>
    public HoconValue()
    {
    }

    internal HoconValue(IHoconElement element) => _elements.Add(element);

    /// <summary>Whether it has no content, or is an object without keys.</summary>
    public bool IsEmpty => _elements is [] or [HoconObject { Items.Count: 0 }, ..];

    internal IReadOnlyList<IHoconElement> Elements => _elements;

    internal bool IsList => _elements.Exists(element => element.IsList);

    /// <summary>Whether it is text; numbers, durations and <c>null</c> are text too.</summary>
    public bool IsString() => _elements.Count > 0 && _elements.TrueForAll(element => element.IsText);

    /// <summary>Whether it is an object.</summary>
    public bool IsObject() => GetObject() is not null;

    /// <summary>Whether it is a list with at least one item.</summary>
    public bool IsArray() => _elements.Exists(element => element.Items.Any());

    /// <summary>Its text without blanks at the ends; null for <c>null</c>, a list and an object.</summary>
    public string? GetString()
    {
        if (!IsString())
            return null;
        var text = string.Concat(_elements.Select(element => element.Text)).Trim();
        return text == "null" ? null : text;
    }

    /// <summary>Its items; none where it is no list.</summary>
    public IList<HoconValue> GetArray() => [.. _elements.SelectMany(element => element.Items)];

    /// <summary>The object that it is, or null.</summary>
    public HoconObject? GetObject() => _elements.Count == 0 ? null : _elements[0].Object;

    /// <summary>The value of a key, or null where there is none or this is no object.</summary>
    public HoconValue? GetChildObject(string key) => GetObject()?.GetKey(key);

    /// <summary>A configuration with this value as its root.</summary>
    public Config ToConfig() => new(this);

    /// <summary>A configuration that has this value under one key.</summary>
    public Config AtKey(string key)
    {
        var parent = new HoconObject();
        parent.Items[key] = this;
        return new Config(new HoconValue(parent));
    }

    /// <summary>HOCON text that reads back as the same value.</summary>
    public override string ToString() => HoconWriter.Write(this);

    internal HoconValue? Find(string path)
    {
        var value = this;
        foreach (var key in HoconPath.Split(path))
        {
            if (value.GetChildObject(key) is not { } child)
                return null;
            value = child;
        }

        return value;
    }

    internal void Add(IHoconElement element) => _elements.Add(element);

    internal void Clear() => _elements.Clear();

    /// <summary>The object that it is; anything else that it was gives way to a new one.</summary>
    internal HoconObject ToObject()
    {
        if (GetObject() is { } existing)
            return existing;
        var created = new HoconObject();
        _elements.Clear();
        _elements.Add(created);
        return created;
    }
}
