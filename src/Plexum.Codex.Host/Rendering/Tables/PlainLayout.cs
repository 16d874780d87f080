using System.Text;
using Plexum.Codex.Host.Terminals;

namespace Plexum.Codex.Host.Rendering.Tables;

/// <summary>Which columns of a table are shown, how wide they are, and what stands in them, so that its lines fit a terminal.</summary>
internal sealed class PlainLayout
{
    private const int Gap = 2;

    // Enough of a text to tell what it is about.
    private const int MinText = 12;
    private const int MinCell = 3;

    // A turn's id begins with the millisecond of its acceptance, which takes as many digits.
    private const int MinId = 12;

    private readonly List<int> _widths;
    private readonly int _width;

    private PlainLayout(List<int> columns, List<string[]> rows, List<int> widths, int width) =>
        (Columns, Rows, _widths, _width) = (columns, rows, widths, width);

    /// <summary>The numbers of the columns that are shown.</summary>
    public List<int> Columns { get; }

    /// <summary>The cells of those columns, a row each.</summary>
    public List<string[]> Rows { get; }

    private int Total => _widths.Sum() + (Gap * Math.Max(0, _widths.Count - 1));

    /// <summary>Fits a table.</summary>
    /// <param name="columns">Its columns.</param>
    /// <param name="rows">Its cells, each on one line.</param>
    /// <param name="width">The columns of the terminal.</param>
    public static PlainLayout Of(PlainColumn[] columns, List<string[]> rows, int width)
    {
        List<int> shown = [.. Enumerable.Range(0, columns.Length).Where(column => IsNeeded(columns[column], rows, column))];
        var cells = rows.ConvertAll(row => shown.ConvertAll(column => row[column]).ToArray());
        var widths = shown.Select(
            (column, place) => cells.Select(row => TextCells.Width(row[place])).Append(TextCells.Width(columns[column].Title)).Max()
        );
        var layout = new PlainLayout(shown, cells, [.. widths], Math.Max(1, width));
        if (layout.Total > layout._width)
        {
            layout.Shrink(columns);
        }

        return layout;
    }

    /// <summary>The lines of one row.</summary>
    public IEnumerable<string> Lines(PlainColumn[] columns, string[] cells)
    {
        var last = cells.Length - 1;
        var isWrapped = columns[Columns[last]].IsPlain && TextCells.Width(cells[last]) > _widths[last];
        var rest = isWrapped ? Wrap(cells[last], _widths[last]) : [cells[last]];
        foreach (var (number, part) in rest.Index())
        {
            var line = cells.Select(
                (cell, place) =>
                    TextCells.Fill(
                        place == last ? part
                            : number == 0 ? cell
                            : "",
                        _widths[place],
                        columns[Columns[place]].IsRight
                    )
            );
            yield return string.Join(new string(' ', Gap), line).TrimEnd();
        }
    }

    // An optional column in which nothing stands tells nothing.
    private static bool IsNeeded(PlainColumn column, List<string[]> rows, int place) =>
        place == 0 || !(column.IsOptional || column.MayBeCut) || rows.Exists(row => row[place].Length > 0);

    private void Shrink(PlainColumn[] columns)
    {
        for (var place = 0; place < Columns.Count; place++)
        {
            if (columns[Columns[place]].HasIds)
            {
                ShortenIds(place, columns[Columns[place]].Title);
            }
        }

        CutTexts(place => columns[Columns[place]].MayBeCut, MinText);
        for (var place = Columns.Count - 1; place > 0 && Total > _width; place--)
        {
            if (columns[Columns[place]].IsOptional)
            {
                Remove(place);
            }
        }

        // What was left out may have made more room than needed.
        Grow(place => columns[Columns[place]].MayBeCut);
        CutTexts(place => place == Columns.Count - 1 && columns[Columns[place]].IsPlain, MinText);
        CutTexts(_ => true, MinCell);
        while (Total > _width && Columns.Count > 1)
        {
            Remove(Columns.Count - 1);
        }

        _widths[0] = Math.Min(_widths[0], _width);
    }

    private void ShortenIds(int place, string title)
    {
        string[] ids = [.. Rows.Select(row => row[place]).Distinct(StringComparer.Ordinal)];
        var length = MinId;
        while (ids.Select(id => id.Length <= length ? id : id[..length]).Distinct(StringComparer.Ordinal).Count() < ids.Length)
        {
            length++;
        }

        foreach (var row in Rows)
        {
            row[place] = row[place].Length <= length ? row[place] : row[place][..length];
        }

        _widths[place] = Rows.Select(row => TextCells.Width(row[place])).Append(TextCells.Width(title)).Max();
    }

    // The widest first, a column of the terminal at a time.
    private void CutTexts(Func<int, bool> may, int least)
    {
        while (Total > _width)
        {
            var widest = Enumerable
                .Range(0, Columns.Count)
                .Where(place => may(place) && _widths[place] > least)
                .OrderByDescending(place => _widths[place])
                .Select(place => (int?)place)
                .FirstOrDefault();
            if (widest is not { } chosen)
            {
                return;
            }

            _widths[chosen]--;
        }
    }

    private void Grow(Func<int, bool> may)
    {
        foreach (var place in Enumerable.Range(0, Columns.Count).Where(may))
        {
            var natural = Rows.Select(row => TextCells.Width(row[place])).Append(_widths[place]).Max();
            _widths[place] = Math.Min(natural, _widths[place] + Math.Max(0, _width - Total));
        }
    }

    private void Remove(int place)
    {
        Columns.RemoveAt(place);
        _widths.RemoveAt(place);
        for (var row = 0; row < Rows.Count; row++)
        {
            Rows[row] = [.. Rows[row].Where((_, at) => at != place)];
        }
    }

    // At spaces where there are any; a word that is longer than a line is broken.
    private static IEnumerable<string> Wrap(string text, int width)
    {
        var line = "";
        foreach (var word in text.Split(' ').SelectMany(word => Pieces(word, width)))
        {
            var longer = line.Length == 0 ? word : $"{line} {word}";
            if (TextCells.Width(longer) > width)
            {
                yield return line;
                longer = word;
            }

            line = longer;
        }

        yield return line;
    }

    private static IEnumerable<string> Pieces(string word, int width)
    {
        var piece = new StringBuilder();
        foreach (var rune in word.EnumerateRunes())
        {
            if (piece.Length > 0 && TextCells.Width($"{piece}{rune}") > width)
            {
                yield return piece.ToString();
                piece.Clear();
            }

            piece.Append(rune.ToString());
        }

        yield return piece.ToString();
    }
}
