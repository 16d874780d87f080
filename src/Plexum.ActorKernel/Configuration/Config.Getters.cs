using Akka.Configuration.Hocon;

namespace Akka.Configuration;

public partial class Config
{
    /// <summary>Text; null where the value is <c>null</c>, an object or a list.</summary>
    public virtual string? GetString(string path, string? @default = null) =>
        Find(path) is { } value ? value.GetString() : @default;

    /// <summary><c>on</c>, <c>off</c>, <c>true</c> or <c>false</c>.</summary>
    /// <exception cref="NotSupportedException">The value is none of them.</exception>
    public virtual bool GetBoolean(string path, bool @default = false) => Read(path, HoconScalar.Boolean, @default);

    /// <summary>A whole number of 32 bits.</summary>
    /// <exception cref="FormatException">The value is no such number.</exception>
    /// <exception cref="OverflowException">The number is out of range.</exception>
    /// <exception cref="ArgumentNullException">The value is <c>null</c>, an object or a list.</exception>
    public virtual int GetInt(string path, int @default = 0) => Read(path, HoconScalar.Int32, @default);

    /// <summary>A whole number of 64 bits; fails as <see cref="GetInt"/> does.</summary>
    public virtual long GetLong(string path, long @default = 0) => Read(path, HoconScalar.Int64, @default);

    /// <summary>A number; fails as <see cref="GetInt"/> does.</summary>
    public virtual float GetFloat(string path, float @default = 0) => Read(path, HoconScalar.Single, @default);

    /// <summary>A number; fails as <see cref="GetInt"/> does.</summary>
    public virtual double GetDouble(string path, double @default = 0) => Read(path, HoconScalar.Double, @default);

    /// <summary>A number; fails as <see cref="GetInt"/> does.</summary>
    public virtual decimal GetDecimal(string path, decimal @default = 0) => Read(path, HoconScalar.Decimal, @default);

    /// <summary>A duration such as <c>30s</c> or <c>1.5 minutes</c>; a bare number is milliseconds.</summary>
    /// <param name="path">Where it stands.</param>
    /// <param name="default">What a missing path gives; zero if not given.</param>
    /// <param name="allowInfinite">Whether <c>infinite</c> may stand there; it gives <see cref="Timeout.InfiniteTimeSpan"/>.</param>
    /// <exception cref="FormatException">The value is no duration, or negative.</exception>
    /// <exception cref="OverflowException">The duration is out of range.</exception>
    /// <exception cref="ArgumentNullException">The value is <c>null</c>, an object or a list.</exception>
    public virtual TimeSpan GetTimeSpan(string path, TimeSpan? @default = null, bool allowInfinite = true) =>
        Read(path, allowInfinite ? HoconScalar.DurationOrInfinite : HoconScalar.Duration, @default.GetValueOrDefault());

    /// <summary>A number of bytes such as <c>4MiB</c> or <c>4 MB</c>, or null where there is none.</summary>
    /// <exception cref="FormatException">The value is no whole number with a known unit.</exception>
    /// <exception cref="OverflowException">The size is out of range.</exception>
    public virtual long? GetByteSize(string path) => GetByteSize(path, null);

    /// <summary>A number of bytes, or <paramref name="def"/> where the path is missing; fails as <see cref="GetByteSize(string)"/>.</summary>
    public virtual long? GetByteSize(string path, long? def = null)
    {
        if (Find(path) is not { } value)
            return def;
        return string.IsNullOrEmpty(value.GetString()) ? null : HoconScalar.ByteSize.Read(value, path);
    }

    /// <summary>The texts of a list; empty where the path is missing or holds no list.</summary>
    public virtual IList<string> GetStringList(string path) => GetStringList(path, []);

    /// <summary>The texts of a list, or <paramref name="defaultPaths"/> where the path is missing.</summary>
    public virtual IList<string> GetStringList(string path, string[] defaultPaths) =>
        Find(path) is { } value ? [.. value.GetArray().Select(item => item.GetString()!)] : defaultPaths;

    /// <summary>The items of a list; fails as <see cref="GetBoolean"/>, and where the path is missing.</summary>
    public virtual IList<bool> GetBooleanList(string path) => ReadList(path, HoconScalar.Boolean);

    /// <summary>The items of a list; fails as <see cref="GetInt"/>, and where the path is missing.</summary>
    public virtual IList<byte> GetByteList(string path) => ReadList(path, HoconScalar.Byte);

    /// <summary>The items of a list; fails as <see cref="GetInt"/>, and where the path is missing.</summary>
    public virtual IList<int> GetIntList(string path) => ReadList(path, HoconScalar.Int32);

    /// <summary>The items of a list; fails as <see cref="GetInt"/>, and where the path is missing.</summary>
    public virtual IList<long> GetLongList(string path) => ReadList(path, HoconScalar.Int64);

    /// <summary>The items of a list; fails as <see cref="GetInt"/>, and where the path is missing.</summary>
    public virtual IList<float> GetFloatList(string path) => ReadList(path, HoconScalar.Single);

    /// <summary>The items of a list; fails as <see cref="GetInt"/>, and where the path is missing.</summary>
    public virtual IList<double> GetDoubleList(string path) => ReadList(path, HoconScalar.Double);

    /// <summary>The items of a list; fails as <see cref="GetInt"/>, and where the path is missing.</summary>
    public virtual IList<decimal> GetDecimalList(string path) => ReadList(path, HoconScalar.Decimal);

    private T Read<T>(string path, HoconScalar<T> scalar, T missing) =>
        Find(path) is { } value ? scalar.Read(value, path) : missing;

    private List<T> ReadList<T>(string path, HoconScalar<T> scalar)
    {
        var list = Find(path) ?? throw new ConfigurationException($"There is no list at '{path}' in the configuration.");
        return [.. list.GetArray().Select((item, index) => scalar.Read(item, $"{path}[{index}]"))];
    }
}
