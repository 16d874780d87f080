using System.Text;

namespace Akka.Configuration.Hocon;

/// <summary>Writes values in Akka.NET's layout: two blanks a level, <c>key : value</c>, CRLF.</summary>
internal static class HoconWriter
{
    public static string Write(HoconValue value) =>
        value.GetObject() is { } root ? Write(root, 1) : Write(value, 0);

    public static string Write(HoconObject keys, int level)
    {
        var text = new StringBuilder();
        foreach (var (key, value) in keys.Items)
        {
            text.Append(' ', level * 2).Append(Quoted(key, isKey: true)).Append(" : ")
                .Append(Write(value, level)).Append("\r\n");
        }

        return text.ToString();
    }

    private static string Write(HoconValue value, int level)
    {
        if (value.GetString() is { } text)
            return Quoted(text, isKey: false);
        if (value.GetObject() is { } nested)
            return $"{{\r\n{Write(nested, level + 1)}{new string(' ', level * 2)}}}";
        return value.IsList
            ? $"[{string.Join(',', value.GetArray().Select(item => Write(item, level + 1)))}]"
            : "null";
    }

    private static string Quoted(string text, bool isKey)
    {
        var plain = text.Length > 0 && !text.Contains("//", StringComparison.Ordinal)
            && !text.Any(c => char.IsWhiteSpace(c) || HoconTokenizer.EndsText(c) || (isKey && c == '.'));
        if (plain)
            return text;

        var quoted = new StringBuilder(text.Length + 2).Append('"');
        foreach (var c in text)
        {
            _ = c switch
            {
                '"' or '\\' => quoted.Append('\\').Append(c),
                '\n' => quoted.Append("\\n"),
                '\r' => quoted.Append("\\r"),
                _ => quoted.Append(c),
            };
        }

        return quoted.Append('"').ToString();
    }
}
