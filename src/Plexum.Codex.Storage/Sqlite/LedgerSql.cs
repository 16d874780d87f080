using System.Collections.Immutable;
using Microsoft.Data.Sqlite;

namespace Plexum.Codex.Sqlite;

/// <summary>Runs single statements. Parameters are <c>$1</c>, <c>$2</c> and so on.</summary>
// Own code: the writer keeps its statements compiled, which the mappers we tried do not.
internal static class LedgerSql
{
    public static void Execute(SqliteConnection connection, string sql, SqliteTransaction? transaction = null)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.Transaction = transaction;
        command.ExecuteNonQuery();
    }

    public static object? Scalar(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar();
    }

    public static ImmutableArray<T> Query<T>(
        SqliteConnection connection,
        string sql,
        Func<SqliteDataReader, T> map,
        params ReadOnlySpan<object?> values
    )
    {
        using var statement = new LedgerStatement(connection, sql);
        using var reader = statement.Read(values);
        var rows = ImmutableArray.CreateBuilder<T>();
        while (reader.Read())
        {
            rows.Add(map(reader));
        }

        return rows.ToImmutable();
    }
}
