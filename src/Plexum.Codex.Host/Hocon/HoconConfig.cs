using Akka.Configuration.Hocon;

namespace Akka.Configuration;

/// <summary>
/// A tree of settings, immutable. Paths are keys joined with dots; a key that contains a dot stands in double quotes.
/// A missing path reads as the default given; a value of the wrong type throws and names path and value.
/// </summary>
public partial class Config
{
    /// <summary>A configuration without any key.</summary>
    public static readonly Config Empty = ConfigurationFactory.Empty;

    private readonly HoconValue? _own;

    /// <summary>A configuration without a root; only <see cref="IsEmpty"/> and the fallback methods can be used.</summary>
    public Config()
    {
    }

    internal Config(HoconValue root)
        : this(root, root, null)
    {
    }

    private Config(HoconValue? own, HoconValue? root, Config? fallback)
    {
        _own = own;
        Root = root;
        Fallback = fallback;
    }

    /// <summary>What this one was merged with, or null.</summary>
    public Config? Fallback { get; }

    /// <summary>The merged tree.</summary>
    public virtual HoconValue? Root { get; }

    /// <summary>Whether there is no key.</summary>
    public virtual bool IsEmpty => Root is null || Root.IsEmpty;

    /// <summary>Allows HOCON text where a configuration is wanted.</summary>
    public static implicit operator Config(string str) => ConfigurationFactory.ParseString(str);

    /// <summary>Whether something stands at <paramref name="path"/>, be it <c>null</c>.</summary>
    public virtual bool HasPath(string path) => Find(path) is not null;

    /// <summary>The value at <paramref name="path"/>, or null.</summary>
    public HoconValue? GetValue(string path) => Find(path);

    /// <summary>The section at <paramref name="path"/>, or null.</summary>
    public virtual Config? GetConfig(string path)
    {
        var below = Fallback?.GetConfig(path);
        return Find(path) is { } value ? new Config(value).WithFallback(below) : below;
    }

    /// <summary>This configuration, completed by the keys that only <paramref name="fallback"/> has.</summary>
    /// <exception cref="ArgumentException"><paramref name="fallback"/> is this very object.</exception>
    public virtual Config WithFallback(Config? fallback)
    {
        if (ReferenceEquals(fallback, this))
            throw new ArgumentException("Config can not have itself as fallback", nameof(fallback));
        if (fallback is null)
            return this;
        if (IsEmpty)
            return fallback;
        if (Root?.GetObject() is not { } mine || fallback.Root?.GetObject() is not { } theirs || mine.Covers(theirs))
            return this;
        return new Config(_own, new HoconValue(theirs.MergedWith(mine)), Append(fallback));
    }

    /// <summary>The top-level keys and their values.</summary>
    public virtual IEnumerable<KeyValuePair<string, HoconValue>> AsEnumerable() =>
        Root?.GetObject()?.Items ?? Enumerable.Empty<KeyValuePair<string, HoconValue>>();

    /// <summary>HOCON text of what was read, without fallbacks.</summary>
    public override string ToString() => _own?.ToString() ?? "";

    /// <summary>HOCON text, with or without what fallbacks added.</summary>
    public string ToString(bool includeFallback) => includeFallback ? Root?.ToString() ?? "" : ToString();

    private Config Append(Config fallback) => Fallback is null
        ? fallback
        : new Config(Fallback._own, Fallback.Root, Fallback.Append(fallback));

    private HoconValue? Find(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        var root = Root ?? throw new InvalidOperationException(
            $"'{path}' was asked of a configuration without a root. Use Config.Empty or parse a text.");
        return root.Find(path);
    }
}
