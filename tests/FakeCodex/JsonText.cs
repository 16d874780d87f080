using System.Globalization;
using System.Text;

namespace FakeCodex;

/// <summary>JSON strings by hand: loading a JSON library would cost more than all the rest.</summary>
internal static class JsonText
{
    /// <summary>The inside of a JSON string.</summary>
    public static string Escape(string text)
    {
        var to = new StringBuilder(text.Length + 16);
        foreach (var c in text)
        {
            _ = c switch
            {
                '"' => to.Append("\\\""),
                '\\' => to.Append("\\\\"),
                '\n' => to.Append("\\n"),
                '\r' => to.Append("\\r"),
                '\t' => to.Append("\\t"),
                < ' ' => to.Append("\\u").Append(((int)c).ToString("x4", CultureInfo.InvariantCulture)),
                _ => to.Append(c),
            };
        }

        return to.ToString();
    }

    public static string Quote(string text) => $"\"{Escape(text)}\"";

    public static string Quote(IEnumerable<string> texts) => $"[{string.Join(',', texts.Select(Quote))}]";

    /// <summary>What <c>\n \r \t \\ \xHH</c> in a script stand for; every other character is itself, as UTF-8.</summary>
    public static byte[] Unescape(string text)
    {
        var bytes = new List<byte>(text.Length);
        for (var at = 0; at < text.Length; at++)
        {
            if (text[at] != '\\' || at + 1 == text.Length)
            {
                var length = char.IsHighSurrogate(text[at]) && at + 1 < text.Length ? 2 : 1;
                bytes.AddRange(Encoding.UTF8.GetBytes(text, at, length));
                at += length - 1;
                continue;
            }

            switch (text[++at])
            {
                case 'n':
                    bytes.Add((byte)'\n');
                    break;
                case 'r':
                    bytes.Add((byte)'\r');
                    break;
                case 't':
                    bytes.Add((byte)'\t');
                    break;
                case 'x'
                    when at + 2 < text.Length
                        && byte.TryParse(text.AsSpan(at + 1, 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var value):
                    bytes.Add(value);
                    at += 2;
                    break;
                default:
                    bytes.Add((byte)text[at]);
                    break;
            }
        }

        return [.. bytes];
    }
}
