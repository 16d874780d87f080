namespace Plexum.Codex.Host.Hocon;

/// <summary>
/// An immutable tree of settings read from HOCON. Paths are keys joined with dots; a key that contains a dot is in double quotes.
/// </summary>
internal sealed class HoconDocument(HoconObject root)
{
    /// <summary>A document without keys.</summary>
    public static HoconDocument Empty { get; } = new(new HoconObject());

    /// <summary>The top-level keys.</summary>
    public HoconObject Root => root;

    /// <summary>Reads a text.</summary>
    /// <exception cref="HoconException">The text is not HOCON.</exception>
    public static HoconDocument Parse(string text) => new(HoconParser.Parse(text));

    /// <summary>Whether there is a value at <paramref name="path"/>, even <c>null</c>.</summary>
    public bool HasPath(string path) => Find(path) is not null;

    /// <summary>The value at <paramref name="path"/>, or null.</summary>
    public HoconValue? Find(string path) => root.Find(path);

    /// <summary>This document plus the keys that only <paramref name="below"/> has.</summary>
    public HoconDocument WithFallback(HoconDocument below) => new(below.Root.MergedWith(root));

    /// <summary>A document with only this top-level key; empty if the key is missing.</summary>
    public HoconDocument Only(string key)
    {
        var only = new HoconObject();
        if (root.Items.TryGetValue(key, out var value))
        {
            only.Items.Add(key, value);
        }

        return new HoconDocument(only);
    }

    /// <summary>Text that this reader and Akka's parser read as the same keys and values.</summary>
    public string ToHocon() => HoconWriter.Write(root);
}
