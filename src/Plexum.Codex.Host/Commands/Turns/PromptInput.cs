using System.Text;
using Plexum.Codex.Requests;

namespace Plexum.Codex.Host.Commands.Turns;

/// <summary>The text of a turn: the argument itself, or for <c>-</c> standard input, read as UTF-8 and left unchanged.</summary>
internal static class PromptInput
{
    // A character outside the basic plane takes two chars.
    private const int Limit = 2 * Prompt.MaxCharacters;

    /// <summary>Reads it; null if standard input exceeds what codex accepts, so that endless input is not read forever.</summary>
    public static async Task<string?> ReadAsync(string argument, Stream input, CancellationToken cancellationToken)
    {
        if (argument != "-")
        {
            return argument;
        }

        using var reader = new StreamReader(
            input,
            new UTF8Encoding(encoderShouldEmitUTF8Identifier: false),
            detectEncodingFromByteOrderMarks: false
        );
        var text = new StringBuilder();
        var buffer = new char[16 * 1024];
        while (await reader.ReadAsync(buffer, cancellationToken).ConfigureAwait(false) is > 0 and var count)
        {
            text.Append(buffer, 0, count);
            if (text.Length > Limit)
            {
                return null;
            }
        }

        return text.ToString();
    }
}
