using System.Collections.Immutable;
using System.Globalization;
using Microsoft.Data.Sqlite;

namespace Plexum.Codex.Sqlite;

/// <summary>
/// Copies the readable rows out of a damaged database: forwards up to the damage, backwards down to it, and row by row in
/// between.
/// </summary>
internal sealed class LedgerSalvage(SqliteConnection source, SqliteConnection target)
{
    // Keeps a damaged row number from making this run forever.
    private const long MaxProbes = 1_000_000;

    private long _lost;

    /// <exception cref="SqliteException">Not even the list of tables can be read.</exception>
    public SavedRows Run()
    {
        LedgerSql.Scalar(source, "SELECT count(*) FROM sqlite_master");
        LedgerSql.Execute(target, "BEGIN IMMEDIATE");
        foreach (var table in (string[])["turns", "requests", "agents", "usage_by_day", "inbox", "approvals"])
        {
            CopyTable(table);
        }

        // An agent whose own row is lost is rebuilt from its turns.
        LedgerSql.Execute(
            target,
            "INSERT OR IGNORE INTO agents (agent, workspace, first_seen_at, last_seen_at, ended) "
                + "SELECT agent, max(workspace), min(accepted_at), max(accepted_at), sum(state = 2) FROM turns GROUP BY agent"
        );
        LedgerSql.Execute(target, "COMMIT");
        return new SavedRows((long)LedgerSql.Scalar(target, "SELECT count(*) FROM turns")!, _lost, null);
    }

    private void CopyTable(string table)
    {
        var columns = ColumnsOf(table);
        var names = string.Join(", ", columns.Select(column => column.Target));
        var places = string.Join(", ", columns.Select((_, index) => "$" + (index + 2).ToString(CultureInfo.InvariantCulture)));
        using var insert = new LedgerStatement(target, $"INSERT OR IGNORE INTO {table} (rowid, {names}) VALUES ($1, {places})");
        var sources = string.Join(", ", columns.Select(column => column.Source));
        var select = $"SELECT rowid, {sources} FROM {table} NOT INDEXED WHERE rowid ";
        var first = long.MinValue;
        if (CopyWhile(insert, select + "> $1 ORDER BY rowid", first, ref first))
        {
            return;
        }

        var last = long.MaxValue;
        CopyWhile(insert, select + "> $1 ORDER BY rowid DESC", first, ref last);
        Probe(insert, select + "= $1", Math.Max(first + 1, 1), last);
    }

    // A file with an older schema has fewer columns, or an older name for one. If it cannot even list them, try all.
    private ImmutableArray<(string Target, string Source)> ColumnsOf(string table)
    {
        var names = $"SELECT name FROM pragma_table_info('{table}')";
        var columns = LedgerSql.Query(target, names, row => row.GetString(0));
        ImmutableArray<(string, string)> all = [.. columns.Select(column => (column, column))];
        try
        {
            var found = LedgerSql.Query(source, names, row => row.GetString(0));
            return found.IsEmpty ? all : [.. columns.SelectMany(column => SourceOf(column, found))];
        }
        catch (SqliteException e) when (LedgerProblem.IsDamage(e) || LedgerProblem.IsMissing(e))
        {
            return all;
        }
    }

    private static IEnumerable<(string Target, string Source)> SourceOf(string column, ImmutableArray<string> found) =>
        found.Contains(column) ? [(column, column)]
        : column == "conversation" && found.Contains("thread") ? [(column, "thread")]
        : [];

    private void Probe(LedgerStatement insert, string select, long from, long to)
    {
        // Nothing could be read backwards. Numbers have no gaps, so the first long run of failures is the end.
        var unread = 0L;
        for (var number = from; number < to && number - from < MaxProbes && unread < 10_000; number++)
        {
            var read = number;
            unread = CopyWhile(insert, select, number, ref read) ? 0 : unread + 1;
            _lost += unread > 0 && to != long.MaxValue ? 1 : 0;
        }
    }

    // False if it hit damage; the rows before that are copied, and last is the last of them.
    private bool CopyWhile(LedgerStatement insert, string sql, long from, ref long last)
    {
        try
        {
            using var statement = new LedgerStatement(source, sql);
            using var rows = statement.Read(from);
            var values = new object?[rows.FieldCount];
            while (rows.Read())
            {
                for (var i = 0; i < values.Length; i++)
                {
                    values[i] = rows.GetValue(i);
                }

                last = (long)values[0]!;
                _lost += insert.Execute(values) == 0 ? 1 : 0;
            }

            return true;
        }
        catch (SqliteException e) when (LedgerProblem.IsDamage(e) || LedgerProblem.IsMissing(e))
        {
            return false;
        }
    }
}
