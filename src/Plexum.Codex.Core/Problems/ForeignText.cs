using System.Text.RegularExpressions;
using Plexum.Codex.Posix;

namespace Plexum.Codex.Problems;

/// <summary>
/// Makes what codex, a model's server or the molecule platform said fit for the log and for lists of problems, which others than the
/// turn's submitter read: such a text may quote a key. It rather hides too much. What it cannot know is whether a text quotes a prompt.
/// </summary>
public static partial class ForeignText
{
    // Codex may quote a whole answer of a model's server.
    private const int MaxLength = 300;
    private const string Hidden = "***";

    /// <summary>The text as one line of at most 300 characters, with all hidden that looks like a key.</summary>
    public static string Shorten(string text)
    {
        ArgumentNullException.ThrowIfNull(text);

        // The log quotes values, so a quotation mark in one would be shown as two characters.
        var line = Mask(VisibleText.OneLine(text.ReplaceLineEndings(" ").Replace('"', '\'')));
        if (line.Length <= MaxLength)
        {
            return line;
        }

        var length = char.IsHighSurrogate(line[MaxLength - 1]) ? MaxLength - 1 : MaxLength;
        return $"{line.AsSpan(0, length)}…";
    }

    /// <summary>The whole text, with all hidden that looks like a key.</summary>
    public static string Mask(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var masked = InAddress().Replace(text, $"$1{Hidden}@");
        masked = Bearer().Replace(masked, $"$1{Hidden}");
        masked = Named().Replace(masked, $"$1{Hidden}");
        return Known().Replace(Long().Replace(masked, Hidden), Hidden);
    }

    [GeneratedRegex("""(\w://)[^/@\s'"]+@""")]
    private static partial Regex InAddress();

    [GeneratedRegex("""(\b(?:bearer|basic)\s+)[\w.~+/=*-]{6,}""", RegexOptions.IgnoreCase)]
    private static partial Regex Bearer();

    // As in: api_key=…, "token": "…", Incorrect API key provided: ….
    [GeneratedRegex(
        """((?:api[ _-]?key|token|secret|passw(?:or)?d|credential)\w*(?:\s+(?:provided|is|was|given|used))?['"]?\s*[=:]\s*['"]?)"""
            + """[^\s'",;)}\]]+""",
        RegexOptions.IgnoreCase
    )]
    private static partial Regex Named();

    // By the beginnings that the makers of keys have chosen.
    [GeneratedRegex("""\b(?:(?:sk|pk|rk|gh[opsru]|github_pat|glpat|xox[a-z])[_-]|AKIA|ASIA|AIza|eyJ)[\w*.-]{4,}""")]
    private static partial Regex Known();

    // A long run of letters and digits that is no id of a thread and no part of a path.
    [GeneratedRegex(
        """(?<![\w/.+=-])(?![0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}(?![\w-]))"""
            + """(?=[A-Za-z_+/=-]*\d)(?=[\d_+/=-]*[A-Za-z])\w[\w+/=-]{23,}"""
    )]
    private static partial Regex Long();
}
