using System.Globalization;
using System.Text;

namespace Plexum.Codex.Host.Hocon;

/// <summary>
/// Writes HOCON that Akka's parser reads as the same tree. All keys and texts are quoted, since a list of what that parser misreads
/// without quotes would never be complete.
/// </summary>
internal static class HoconWriter
{
    /// <summary>The keys of the root, one per line.</summary>
    public static string Write(HoconObject root)
    {
        var text = new StringBuilder();
        WriteMembers(text, root, 0);
        return text.ToString();
    }

    /// <summary>A value on one line: its text, or its list or object with the texts in quotes.</summary>
    public static string OneLine(HoconValue value) =>
        value.Object is { } map ? OneLine(map.Items.Select(item => KeyValuePair.Create(item.Key, item.Value.Text ?? "")))
        : value.IsList ? OneLine(value.Items.Select(item => item.Text ?? ""))
        : value.Text ?? "";

    /// <summary>A list of texts on one line.</summary>
    public static string OneLine(IEnumerable<string> list) => $"[{string.Join(", ", list.Select(Quoted))}]";

    /// <summary>An object of texts on one line, sorted by key.</summary>
    public static string OneLine(IEnumerable<KeyValuePair<string, string>> map)
    {
        var items = map.OrderBy(item => item.Key, StringComparer.Ordinal).Select(item => $"{Quoted(item.Key)} = {Quoted(item.Value)}");
        return $"{{{string.Join(", ", items)}}}";
    }

    /// <summary>A text in double quotes.</summary>
    public static string Quoted(string text)
    {
        var quoted = new StringBuilder(text.Length + 2).Append('"');
        foreach (var c in text)
        {
            _ = c switch
            {
                '"' or '\\' => quoted.Append('\\').Append(c),
                '\n' => quoted.Append("\\n"),
                '\r' => quoted.Append("\\r"),
                '\t' => quoted.Append("\\t"),
                _ when char.IsControl(c) => quoted.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}"),
                _ => quoted.Append(c),
            };
        }

        return quoted.Append('"').ToString();
    }

    private static void WriteMembers(StringBuilder text, HoconObject keys, int level)
    {
        foreach (var (key, value) in keys.Items)
        {
            text.Append(' ', level * 2).Append(Quoted(key)).Append(" : ");
            Write(text, value, level);
            text.Append('\n');
        }
    }

    private static void Write(StringBuilder text, HoconValue value, int level)
    {
        if (value.Object is { } nested)
        {
            text.Append("{\n");
            WriteMembers(text, nested, level + 1);
            text.Append(' ', level * 2).Append('}');
        }
        else if (value.IsList)
        {
            WriteItems(text, value.Items, level);
        }
        else
        {
            text.Append(value.Text is { } plain ? Quoted(plain) : "null");
        }
    }

    private static void WriteItems(StringBuilder text, IReadOnlyList<HoconValue> items, int level)
    {
        text.Append('[');
        foreach (var (index, item) in items.Index())
        {
            text.Append(index == 0 ? "" : ", ");
            Write(text, item, level);
        }

        text.Append(']');
    }
}
