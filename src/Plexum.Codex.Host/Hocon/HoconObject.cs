namespace Plexum.Codex.Host.Hocon;

/// <summary>Keys and their values, in the order in which they were first named.</summary>
internal sealed class HoconObject : IHoconElement
{
    /// <summary>The keys and their values.</summary>
    public Dictionary<string, HoconValue> Items { get; } = new(StringComparer.Ordinal);

    HoconObject IHoconElement.Object => this;

    IEnumerable<HoconValue> IHoconElement.Items => [];

    /// <summary>The value of <paramref name="key"/>; adds an empty one if the key is missing.</summary>
    public HoconValue GetOrCreate(string key)
    {
        if (!Items.TryGetValue(key, out var value))
        {
            Items.Add(key, value = new HoconValue());
        }

        return value;
    }

    /// <summary>The value at <paramref name="path"/>, or null.</summary>
    public HoconValue? Find(string path)
    {
        HoconValue? value = null;
        var keys = this;
        foreach (var key in HoconPath.Split(path))
        {
            value = keys?.Items.GetValueOrDefault(key);
            keys = value?.Object;
        }

        return value;
    }

    /// <summary>A new object with the keys of both. <paramref name="winner"/>'s values win; objects are merged.</summary>
    public HoconObject MergedWith(HoconObject winner)
    {
        var merged = new HoconObject();
        foreach (var (key, value) in Items)
        {
            merged.Items[key] = value;
        }

        foreach (var (key, value) in winner.Items)
        {
            merged.Items[key] =
                value.Object is { } upper && Items.GetValueOrDefault(key)?.Object is { } lower
                    ? new HoconValue(lower.MergedWith(upper)) { Line = value.Line }
                    : value;
        }

        return merged;
    }
}
