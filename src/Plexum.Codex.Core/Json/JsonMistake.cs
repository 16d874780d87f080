using System.Globalization;
using System.Text.Json;

namespace Plexum.Codex.Json;

/// <summary>Says where a JSON text is wrong, and why.</summary>
public static class JsonMistake
{
    private const int MaxNameCharacters = 100;

    /// <summary>The rest of a sentence such as "The document is not valid JSON at line 1, position 7: '}' is invalid …".</summary>
    /// <param name="utf8">The text.</param>
    /// <param name="exception">Why a <see cref="JsonDocument"/> could not be parsed from it.</param>
    public static string Describe(ReadOnlySpan<byte> utf8, JsonException exception)
    {
        ArgumentNullException.ThrowIfNull(exception);
        if (exception.LineNumber is not { } line)
        {
            // Only a name that is there twice has no place (System.Text.Json 10).
            return FindTwin(utf8) ?? exception.Message;
        }

        var end = exception.Message.IndexOf(" LineNumber:", StringComparison.Ordinal);
        return At(line + 1, (exception.BytePositionInLine ?? 0) + 1, end < 0 ? exception.Message : exception.Message[..end]);
    }

    private static string? FindTwin(ReadOnlySpan<byte> utf8)
    {
        var reader = new Utf8JsonReader(utf8);
        var open = new Stack<HashSet<string>>();
        while (reader.Read())
        {
            if (reader.TokenType == JsonTokenType.StartObject)
            {
                open.Push(new HashSet<string>(StringComparer.Ordinal));
            }
            else if (reader.TokenType == JsonTokenType.EndObject)
            {
                open.Pop();
            }
            else if (reader.TokenType == JsonTokenType.PropertyName)
            {
                var name = JsonText.Of(in reader).Decode();
                if (!open.Peek().Add(name))
                {
                    var shown = name.Length <= MaxNameCharacters ? name : name[..MaxNameCharacters] + "…";
                    var before = utf8[..(int)reader.TokenStartIndex];
                    return At(
                        before.Count((byte)'\n') + 1,
                        before.Length - before.LastIndexOf((byte)'\n'),
                        $"the name \"{shown}\" is there twice."
                    );
                }
            }
        }

        return null;
    }

    private static string At(long line, long position, string reason) =>
        string.Create(CultureInfo.InvariantCulture, $"at line {line}, position {position}: {reason}");
}
