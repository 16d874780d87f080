using Plexum.Codex.Host.Terminals;
using Plexum.Codex.Posix;
using Spectre.Console;
using Spectre.Console.Rendering;

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

    /// <summary>Writes a part of a text in a style, where the cursor is. It is visible already and not parsed as markup.</summary>
    public static void Piece(this IAnsiConsole console, string text, Style style) => console.Write(new RawText(text, style));

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

    // Spectre breaks the lines of its own texts as if they began at the first column.
    private sealed class RawText(string text, Style style) : IRenderable
    {
        public Measurement Measure(RenderOptions options, int maxWidth) => new(0, maxWidth);

        public IEnumerable<Segment> Render(RenderOptions options, int maxWidth)
        {
            var isFirst = true;
            foreach (var line in text.Split('\n'))
            {
                if (!isFirst)
                {
                    yield return Segment.LineBreak;
                }

                isFirst = false;
                if (line.Length > 0)
                {
                    yield return new Segment(line, style);
                }
            }
        }
    }
}
