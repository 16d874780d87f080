namespace Akka.Configuration.Hocon;

/// <summary>Keys and their values, in the order in which they were first named.</summary>
public class HoconObject : IHoconElement
{
    /// <summary>The keys and their values.</summary>
    public Dictionary<string, HoconValue> Items { get; } = new(StringComparer.Ordinal);

    HoconObject IHoconElement.Object => this;

    IEnumerable<HoconValue> IHoconElement.Items => [];

    /// <summary>The value of <paramref name="key"/>, or null.</summary>
    public HoconValue? GetKey(string key) => Items.GetValueOrDefault(key);

    /// <summary>The value of <paramref name="key"/>; a new one without content where there was none.</summary>
    public HoconValue GetOrCreateKey(string key)
    {
        if (!Items.TryGetValue(key, out var value))
            Items.Add(key, value = new HoconValue());
        return value;
    }

    /// <summary>HOCON text that reads back as the same keys and values.</summary>
    public override string ToString() => HoconWriter.Write(this, 0);

    /// <summary>A new object with the keys of both; <paramref name="winner"/>'s values win, objects are merged.</summary>
    internal HoconObject MergedWith(HoconObject winner)
    {
        var merged = new HoconObject();
        foreach (var (key, value) in Items)
            merged.Items[key] = value;
        foreach (var (key, value) in winner.Items)
        {
            merged.Items[key] = value.GetObject() is { } upper && GetKey(key)?.GetObject() is { } lower
                ? new HoconValue(lower.MergedWith(upper))
                : value;
        }

        return merged;
    }

    /// <summary>Whether every key of <paramref name="other"/> is here with the same value, so that merging adds nothing.</summary>
    internal bool Covers(HoconObject other)
    {
        foreach (var (key, theirs) in other.Items)
        {
            if (GetKey(key) is not { } mine)
                return false;
            var same = theirs.GetObject() is { } nested ? (mine.GetObject() ?? new HoconObject()).Covers(nested)
                : theirs.IsArray() ? theirs.GetArray().All(item => mine.GetArray().Any(own => own.GetString() == item.GetString()))
                : mine.GetString() == theirs.GetString();
            if (!same)
                return false;
        }

        return true;
    }
}
