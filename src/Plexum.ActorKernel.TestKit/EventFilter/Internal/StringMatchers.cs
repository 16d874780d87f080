using System.Text.RegularExpressions;

namespace Akka.TestKit.Internal.StringMatcher;

/// <summary>Decides on a text.</summary>
public interface IStringMatcher
{
    /// <summary>Whether the text fits.</summary>
    bool IsMatch(string s);
}

/// <summary>Any text fits.</summary>
public class MatchesAll : IStringMatcher
{
    private MatchesAll()
    {
    }

    /// <summary>The only one.</summary>
    public static IStringMatcher Instance { get; } = new MatchesAll();

    /// <inheritdoc />
    public bool IsMatch(string s) => true;

    /// <inheritdoc />
    public override string ToString() => "";
}

/// <summary>A given text fits, in any case.</summary>
public class EqualsString(string s) : IStringMatcher
{
    private readonly string _text = s;

    /// <inheritdoc />
    public bool IsMatch(string s) => string.Equals(_text, s, StringComparison.OrdinalIgnoreCase);

    /// <inheritdoc />
    public override string ToString() => $"== \"{_text}\"";
}

/// <summary>What starts so fits, in any case.</summary>
public class StartsWithString(string start) : IStringMatcher
{
    /// <inheritdoc />
    public bool IsMatch(string s) => s.StartsWith(start, StringComparison.OrdinalIgnoreCase);

    /// <inheritdoc />
    public override string ToString() => $"starts with \"{start}\"";
}

/// <summary>What has this part fits, in any case.</summary>
public class ContainsString(string part) : IStringMatcher
{
    /// <inheritdoc />
    public bool IsMatch(string s) => s.Contains(part, StringComparison.OrdinalIgnoreCase);

    /// <inheritdoc />
    public override string ToString() => $"contains \"{part}\"";
}

/// <summary>What the expression matches fits.</summary>
public class RegexMatcher(Regex regex) : IStringMatcher
{
    /// <inheritdoc />
    public bool IsMatch(string s) => regex.IsMatch(s);

    /// <inheritdoc />
    public override string ToString() => $"matches regex \"{regex}\"";
}

/// <summary>A given text fits, in any case; of an actor's path, the part without the address also does.</summary>
internal sealed class EqualsStringAndPathMatcher(string path) : IStringMatcher
{
    /// <inheritdoc />
    public bool IsMatch(string s) => Fits(s) || Fits(WithoutAddress(s));

    /// <inheritdoc />
    public override string ToString() => $"== \"{path}\"";

    // akka://system/user/actor
    private static ReadOnlySpan<char> WithoutAddress(string source)
    {
        var address = source.IndexOf("://", StringComparison.Ordinal);
        var root = address < 0 ? -1 : source.IndexOf('/', address + 3);
        return root < 0 ? source : source.AsSpan(root);
    }

    private bool Fits(ReadOnlySpan<char> source) => source.Equals(path, StringComparison.OrdinalIgnoreCase);
}
