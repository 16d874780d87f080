using Plexum.Codex.Host.Terminals;
using Plexum.Codex.Posix;
using Spectre.Console;

namespace Plexum.Codex.Host.Rendering;

/// <summary>
/// The consoles for people. When redirected, they write plain text and never wrap lines, so that files and CI logs can be searched.
/// </summary>
internal static class Consoles
{
    // Longer than any line, and small enough that Spectre's arithmetic does not overflow.
    public const int Unlimited = 1 << 24;

    /// <summary>Standard output.</summary>
    public static IAnsiConsole Output() => Create(Console.Out, Console.IsOutputRedirected);

    /// <summary>Standard error.</summary>
    public static IAnsiConsole Error() => Create(Console.Error, Console.IsErrorRedirected);

    /// <summary>Writes a line in a style. The text is not parsed as markup, and nothing of it drives the terminal.</summary>
    public static void Line(this IAnsiConsole console, string text, Style? style = null) =>
        console.WriteLine(VisibleText.Of(text), style ?? Style.Plain);

    /// <summary>Text for one line of a table, truncated if it is too long.</summary>
    /// <param name="text">The text.</param>
    /// <param name="longest">The maximum number of columns.</param>
    public static string OneLine(string text, int longest) => TextCells.Cut(text, longest);

    internal static IAnsiConsole Create(TextWriter writer, bool redirected)
    {
        if (!redirected)
        {
            return AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(writer) });
        }

        var console = AnsiConsole.Create(
            new AnsiConsoleSettings
            {
                Out = new AnsiConsoleOutput(writer),
                Ansi = AnsiSupport.No,
                ColorSystem = ColorSystemSupport.NoColors,
                Interactive = InteractionSupport.No,
                Enrichment = new ProfileEnrichment { UseDefaultEnrichers = false },
            }
        );
        console.Profile.Width = Unlimited;
        return console;
    }
}
