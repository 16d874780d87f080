using Spectre.Console;

namespace Plexum.Codex.Host.Rendering;

/// <summary>A table without borders, for terminals of any width and for pipes. Its cells are plain text, never markup.</summary>
internal sealed class PlainTable
{
    private const int MaxCell = 400;

    private static readonly Style Title = new(decoration: Decoration.Bold);

    private readonly Table _table = new() { Border = TableBorder.None, UseSafeBorder = true };

    /// <param name="columns">The column titles; a leading &gt; right-aligns the column.</param>
    public PlainTable(params string[] columns)
    {
        foreach (var column in columns)
        {
            var isNumber = column.StartsWith('>');
            _table.AddColumn(
                new TableColumn(new Text(isNumber ? column[1..] : column, Title))
                {
                    Alignment = isNumber ? Justify.Right : Justify.Left,
                    Padding = new Padding(0, 0, 2, 0),
                }
            );
        }
    }

    public void Add(params string?[] cells) => _table.AddRow(cells.Select(cell => new Text(Consoles.OneLine(cell ?? "", MaxCell))));

    public void Write(IAnsiConsole console) => console.Write(_table);
}
