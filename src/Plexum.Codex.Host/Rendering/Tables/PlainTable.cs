using Spectre.Console;

namespace Plexum.Codex.Host.Rendering.Tables;

/// <summary>
/// A table without borders, for terminals of any width and for pipes. Its cells are plain text, never markup. Where the terminal is too
/// narrow, ids are shortened to what tells them apart, and never broken; then columns are left out and texts are cut.
/// </summary>
internal sealed class PlainTable
{
    private const int MaxCell = 400;

    private static readonly Style Title = new(decoration: Decoration.Bold);

    private readonly PlainColumn[] _columns;
    private readonly List<string[]> _rows = [];

    /// <param name="columns">
    /// The column titles. Marks before a title say what to do with the column: <c>&gt;</c> aligns it to the right, <c>#</c> holds ids that
    /// may be shortened to a unique beginning, <c>?</c> may be left out, the last one first, <c>~</c> holds texts that may be cut. A last
    /// column without a mark is wrapped.
    /// </param>
    public PlainTable(params string[] columns) => _columns = [.. columns.Select(PlainColumn.Parse)];

    public void Add(params string?[] cells) =>
        _rows.Add([.. _columns.Select((_, index) => Consoles.OneLine(index < cells.Length ? cells[index] ?? "" : "", MaxCell))]);

    /// <summary>Writes the table, with lines that fit the terminal.</summary>
    public void Write(IAnsiConsole console) => Write(console, wide: false);

    /// <summary>Writes the table.</summary>
    /// <param name="console">Where to.</param>
    /// <param name="wide">Whether the lines may be longer than the terminal is wide.</param>
    public void Write(IAnsiConsole console, bool wide)
    {
        var own = console.Profile.Width;
        console.Profile.Width = wide ? Consoles.Unlimited : own;
        var layout = PlainLayout.Of(_columns, _rows, console.Profile.Width);
        Write(console, layout, [.. layout.Columns.Select(column => _columns[column].Title)], Title);
        foreach (var row in layout.Rows)
        {
            Write(console, layout, row, Style.Plain);
        }

        console.Profile.Width = own;
    }

    private void Write(IAnsiConsole console, PlainLayout layout, string[] cells, Style style)
    {
        foreach (var line in layout.Lines(_columns, cells))
        {
            console.WriteLine(line, style);
        }
    }
}
