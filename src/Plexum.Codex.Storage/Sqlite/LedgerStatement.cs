using System.Globalization;
using Microsoft.Data.Sqlite;

namespace Plexum.Codex.Sqlite;

/// <summary>A statement that is compiled once and run often. Its parameters are <c>$1</c>, <c>$2</c> and so on.</summary>
internal sealed class LedgerStatement : IDisposable
{
    private readonly SqliteCommand _command;

    public LedgerStatement(SqliteConnection connection, string sql)
    {
        _command = connection.CreateCommand();
        _command.CommandText = sql;
    }

    public int Execute(params ReadOnlySpan<object?> values)
    {
        Set(values);
        return _command.ExecuteNonQuery();
    }

    public SqliteDataReader Read(params ReadOnlySpan<object?> values)
    {
        Set(values);
        return _command.ExecuteReader();
    }

    public void Dispose() => _command.Dispose();

    private void Set(ReadOnlySpan<object?> values)
    {
        while (_command.Parameters.Count < values.Length)
        {
            _command.Parameters.Add(
                new SqliteParameter { ParameterName = "$" + (_command.Parameters.Count + 1).ToString(CultureInfo.InvariantCulture) }
            );
        }

        for (var i = 0; i < values.Length; i++)
        {
            _command.Parameters[i].Value = values[i] ?? DBNull.Value;
        }
    }
}
