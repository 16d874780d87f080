using System.Text;

namespace Plexum.Codex.Host.Terminals;

/// <summary>
/// What a shell is started for, without the shell: <c>/bin/bash -lc 'cargo test'</c> is <c>cargo test</c>. Codex tells the command as one
/// word of the shell's, with parts in single quotes, in double quotes and in none (measured on 0.169.0 and 0.171.0).
/// </summary>
internal static class BareCommand
{
    /// <summary>The command without its shell; unchanged if no shell is started for it.</summary>
    public static string Of(string command)
    {
        var text = command.AsSpan();
        var shell = text.IndexOf(' ');
        if (shell <= 0 || !IsShell(Path.GetFileName(text[..shell])))
        {
            return command;
        }

        var rest = text[(shell + 1)..];
        var option = rest.IndexOf(' ');
        return option > 0 && rest[..option] is "-lc" or "-c" ? Word(rest[(option + 1)..]) ?? command : command;
    }

    private static bool IsShell(ReadOnlySpan<char> name) => name is "bash" or "sh" or "zsh" or "dash" or "ash" or "ksh";

    // Null if it is not one word. Of a command that was cut, the last quote may be missing.
    private static string? Word(ReadOnlySpan<char> text)
    {
        var word = new StringBuilder(text.Length);
        char? quote = null;
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (c == quote)
            {
                quote = null;
            }
            else if (quote is null && c is '\'' or '"')
            {
                quote = c;
            }
            else if (IsEscape(c, quote) && i + 1 < text.Length && (quote is null || text[i + 1] is '"' or '\\' or '$' or '`'))
            {
                word.Append(text[++i]);
            }
            else if (quote is null && char.IsWhiteSpace(c))
            {
                return null;
            }
            else
            {
                word.Append(c);
            }
        }

        return word.Length == 0 ? null : word.ToString();
    }

    private static bool IsEscape(char c, char? quote) => c == '\\' && quote != '\'';
}
