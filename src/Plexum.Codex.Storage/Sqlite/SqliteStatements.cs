using Microsoft.Data.Sqlite;

namespace Plexum.Codex.Sqlite;

/// <summary>Compiles each statement once and keeps it. Not thread-safe.</summary>
internal sealed class SqliteStatements(SqliteConnection connection) : IDisposable
{
    private readonly Dictionary<string, LedgerStatement> _compiled = new(StringComparer.Ordinal);

    /// <summary>The statement, compiled once.</summary>
    public LedgerStatement Statement(string sql)
    {
        if (!_compiled.TryGetValue(sql, out var statement))
        {
            _compiled.Add(sql, statement = new LedgerStatement(connection, sql));
        }

        return statement;
    }

    public void Dispose()
    {
        foreach (var statement in _compiled.Values)
        {
            statement.Dispose();
        }
    }
}
