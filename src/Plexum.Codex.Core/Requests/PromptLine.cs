using System.Collections.Immutable;

namespace Plexum.Codex.Requests;

/// <summary>The first line of what a turn is asked, by which a person tells turns apart.</summary>
public static class PromptLine
{
    /// <summary>The maximum number of characters; a longer line is cut.</summary>
    public const int MaxCharacters = 160;

    /// <summary>The first line with any text in what codex is given; null if there is none. It may have control characters.</summary>
    public static string? Of(ImmutableArray<TurnMessage> messages)
    {
        var message = messages.IsDefault ? null : messages.LastOrDefault(IsFromUserWithText);
        foreach (var block in message is null ? [] : message.Content.OfType<ContentBlock.Text>())
        {
            if (FirstLine(block.Value) is { } line)
            {
                return line;
            }
        }

        return null;
    }

    private static bool IsFromUserWithText(TurnMessage message) =>
        message.Role == MessageRole.User && !message.Content.IsDefault && message.Content.Any(block => block is ContentBlock.Text);

    private static string? FirstLine(string text)
    {
        foreach (var line in text.AsSpan().EnumerateLines())
        {
            var found = line.Trim();
            if (found.Length > MaxCharacters)
            {
                var end = char.IsHighSurrogate(found[MaxCharacters - 2]) ? MaxCharacters - 2 : MaxCharacters - 1;
                return string.Concat(found[..end], "…");
            }

            if (found.Length > 0)
            {
                return found.ToString();
            }
        }

        return null;
    }
}
