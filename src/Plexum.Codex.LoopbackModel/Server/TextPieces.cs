namespace Plexum.Codex.LoopbackModel.Server;

/// <summary>Splits text into pieces without splitting surrogate pairs.</summary>
internal static class TextPieces
{
    public static IEnumerable<string> Of(string text, int length)
    {
        for (var at = 0; at < text.Length; )
        {
            var end = Math.Min(at + length, text.Length);
            if (end < text.Length && char.IsHighSurrogate(text[end - 1]))
            {
                end += end - at > 1 ? -1 : 1;
            }

            yield return text[at..end];
            at = end;
        }
    }
}
