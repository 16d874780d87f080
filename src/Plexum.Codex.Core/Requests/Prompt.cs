using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;

namespace Plexum.Codex.Requests;

/// <summary>
/// What codex is given for a turn: the text blocks of the last user message that has any, joined by newlines, and that
/// message's images. <c>ToString</c> shows sizes only.
/// </summary>
/// <param name="Text">The text; never blank, since codex refuses a blank prompt.</param>
/// <param name="Images">The images in order.</param>
public sealed record Prompt(string Text, ImmutableArray<PromptImage> Images)
{
    /// <summary>The longest text codex accepts, in Unicode characters (measured on 0.169.0).</summary>
    public const int MaxCharacters = 1_048_576;

    /// <summary>The maximum number of images in one prompt.</summary>
    public const int MaxImages = 16;

    /// <summary>The maximum number of characters of <see cref="FirstLine(ImmutableArray{TurnMessage})"/>; a longer line is cut.</summary>
    public const int MaxLineCharacters = 160;

    /// <summary>The placeholder prompt of a turn that cannot run.</summary>
    public static Prompt None { get; } = new("", []);

    /// <summary>Extracts the prompt from a conversation, or says why it has none.</summary>
    public static bool TryCreate(
        ImmutableArray<TurnMessage> messages,
        [NotNullWhen(true)] out Prompt? prompt,
        [NotNullWhen(false)] out TurnRefusal? refusal
    )
    {
        prompt = null;
        var message = messages.IsDefault ? null : messages.LastOrDefault(IsFromUserWithText);
        var text = message is null ? "" : string.Join('\n', message.Content.OfType<ContentBlock.Text>().Select(block => block.Value));
        if (string.IsNullOrWhiteSpace(text))
        {
            refusal = TurnRefusal.NoUserText;
            return false;
        }

        var characters = text.Length <= MaxCharacters ? text.Length : CountCharacters(text);
        if (characters > MaxCharacters)
        {
            refusal = new TurnRefusal(
                TurnRefusalReason.PromptTooLong,
                $"codex: the prompt has {characters} characters and codex accepts at most {MaxCharacters}; "
                    + "put the long part into a file of the workspace and name the file"
            );
            return false;
        }

        var blocks = message!.Content.OfType<ContentBlock.Image>().ToList();
        if (blocks.Count > MaxImages)
        {
            refusal = new TurnRefusal(
                TurnRefusalReason.BadImage,
                $"codex: the message has {blocks.Count} images and at most {MaxImages} are accepted; send fewer"
            );
            return false;
        }

        var images = ImmutableArray.CreateBuilder<PromptImage>(blocks.Count);
        foreach (var block in blocks)
        {
            if (!PromptImage.TryCreate(block, images.Count + 1, out var image, out refusal))
            {
                return false;
            }

            images.Add(image);
        }

        prompt = new Prompt(text, images.MoveToImmutable());
        refusal = null;
        return true;
    }

    /// <summary>
    /// The first line with anything in it of what codex is given, by which a person tells turns apart; null if there is none. It may have
    /// control characters.
    /// </summary>
    public static string? FirstLine(ImmutableArray<TurnMessage> messages)
    {
        var message = messages.IsDefault ? null : messages.LastOrDefault(IsFromUserWithText);
        IEnumerable<ContentBlock.Text> blocks = message is null ? [] : message.Content.OfType<ContentBlock.Text>();
        return blocks.Select(block => FirstLine(block.Value)).FirstOrDefault(line => line is not null);
    }

    /// <inheritdoc/>
    public override string ToString() => $"Prompt({Text.Length} characters, {Images.Length} images)";

    private static bool IsFromUserWithText(TurnMessage message) =>
        message.Role == MessageRole.User && !message.Content.IsDefault && message.Content.Any(block => block is ContentBlock.Text);

    private static string? FirstLine(string text)
    {
        foreach (var line in text.AsSpan().EnumerateLines())
        {
            var found = line.Trim();
            if (found.Length > MaxLineCharacters)
            {
                var end = MaxLineCharacters - (char.IsHighSurrogate(found[MaxLineCharacters - 2]) ? 2 : 1);
                return $"{found[..end]}…";
            }

            if (found.Length > 0)
            {
                return found.ToString();
            }
        }

        return null;
    }

    /// <summary>Counts as codex does: a surrogate pair is one character.</summary>
    private static int CountCharacters(string text)
    {
        var count = 0;
        foreach (var _ in text.EnumerateRunes())
        {
            count++;
        }

        return count;
    }
}
