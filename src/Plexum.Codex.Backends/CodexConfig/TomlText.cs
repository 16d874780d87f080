using System.Globalization;
using System.Text;

namespace Plexum.Codex.CodexConfig;

/// <summary>TOML values, as codex's <c>-c</c> takes them.</summary>
internal static class TomlText
{
    /// <summary>A string; every character is allowed.</summary>
    public static string Quote(string text)
    {
        var quoted = new StringBuilder("\"", text.Length + 2);
        foreach (var c in text)
        {
            _ = c switch
            {
                '"' or '\\' => quoted.Append('\\').Append(c),
                < ' ' or '\u007f' => quoted.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}"),
                _ => quoted.Append(c),
            };
        }

        return quoted.Append('"').ToString();
    }

    /// <summary>A list of strings.</summary>
    public static string List(IEnumerable<string> items) => $"[{string.Join(',', items.Select(Quote))}]";

    /// <summary>A table of strings.</summary>
    public static string Table(IEnumerable<KeyValuePair<string, string>> pairs) =>
        $"{{{string.Join(',', pairs.Select(pair => $"{Quote(pair.Key)}={Quote(pair.Value)}"))}}}";
}
