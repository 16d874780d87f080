using Spectre.Console;

namespace Plexum.Codex.Host.Rendering;

/// <summary>A table without lines, which a terminal of any width takes and a pipe passes on well. Its cells are texts and never markup.</summary>
internal sealed class PlainTable
{
    private const int LongestCell = 400;

    private static readonly Style s_title = new(decoration: Decoration.Bold);

    private readonly Table _table = new() { Border = TableBorder.None, UseSafeBorder = true };

    /// <param name="columns">The titles; one that begins with &gt; has its numbers to the right.</param>
    public PlainTable(params string[] columns)
    {
        foreach (var column in columns)
        {
            var isNumber = column.StartsWith('>');
            _table.AddColumn(new TableColumn(new Text(isNumber ? column[1..] : column, s_title))
            {
                Alignment = isNumber ? Justify.Right : Justify.Left,
                Padding = new Padding(0, 0, 2, 0),
            });
        }
    }

    public void Add(params string?[] cells) => _table.AddRow(cells.Select(cell => new Text(Consoles.OneLine(cell ?? "", LongestCell))));

    public void Write(IAnsiConsole console) => console.Write(_table);
}
