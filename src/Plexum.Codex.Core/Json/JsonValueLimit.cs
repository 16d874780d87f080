using System.Text.Json;

namespace Plexum.Codex.Json;

/// <summary>
/// Limits how many values a JSON text may have, before anything is built from it: a value that takes two bytes of a text takes fifty and
/// more of memory.
/// </summary>
public static class JsonValueLimit
{
    /// <summary>The limit where no setting says another. A long conversation with a hundred tools has a third of it.</summary>
    public const int Default = 100_000;

    /// <summary>
    /// Whether a text has more values than allowed: objects, lists, strings, numbers, <c>true</c>, <c>false</c> and <c>null</c>. It reads
    /// the text once, builds nothing and stops at the limit.
    /// </summary>
    /// <param name="utf8">The text. What comes after a mistake in it is not counted, and no parser reads it either.</param>
    /// <param name="max">The limit.</param>
    /// <param name="maxDepth">How deeply the text may be nested; more is such a mistake.</param>
    public static bool IsExceeded(ReadOnlySpan<byte> utf8, int max, int maxDepth = 64)
    {
        var reader = new Utf8JsonReader(utf8, new JsonReaderOptions { MaxDepth = maxDepth });
        var count = 0;
        try
        {
            while (reader.Read())
            {
                var isValue = reader.TokenType is not (JsonTokenType.PropertyName or JsonTokenType.EndObject or JsonTokenType.EndArray);
                if (isValue && ++count > max)
                {
                    return true;
                }
            }
        }
        catch (JsonException)
        {
            // The parser reports it with its place.
        }

        return false;
    }
}
