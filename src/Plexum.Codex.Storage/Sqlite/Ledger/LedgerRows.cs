using System.Globalization;
using Microsoft.Data.Sqlite;
using Plexum.Codex.Ledger;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Sqlite.Ledger;

/// <summary>Converts rows of the database to records.</summary>
internal static class LedgerRows
{
    /// <summary>The columns that <see cref="Turn"/> reads, in its order.</summary>
    public const string TurnColumns =
        "number, turn, agent, workspace, model, state, accepted_at, started_at, ended_at, stop_reason, "
        + "input_tokens, output_tokens, cache_read_tokens, thinking_tokens, "
        + "error_code, error_class, error_message, thread, idempotency_key, files_bytes, files_removed, owner, prompt";

    /// <summary>The number of those columns.</summary>
    public const int TurnWidth = 23;

    public static TurnEntry Turn(SqliteDataReader row) =>
        new()
        {
            Number = row.GetInt64(0),
            TurnId = TurnId.Parse(row.GetString(1)),
            AgentId = AgentId.Parse(row.GetString(2)),
            Workspace = SqliteValues.Text(row, 3),
            Model = SqliteValues.Text(row, 4),
            State = (TurnState)row.GetInt32(5),
            AcceptedAt = SqliteValues.Time(row.GetInt64(6)),
            StartedAt = SqliteValues.TimeOrNull(row, 7),
            EndedAt = SqliteValues.TimeOrNull(row, 8),
            StopReason = SqliteValues.Text(row, 9) is { } reason ? WireNames.ParseStopReason(reason) : null,
            Usage = Usage(row, 10),
            ErrorCode = SqliteValues.Text(row, 14),
            ErrorClass = SqliteValues.Text(row, 15) is { } name ? TurnErrorClassNames.Parse(name) : null,
            ErrorMessage = SqliteValues.Text(row, 16),
            ThreadId = Thread(row, 17),
            IdempotencyKey = SqliteValues.Text(row, 18),
            FilesBytes = row.IsDBNull(19) ? null : row.GetInt64(19),
            FilesRemoved = row.GetInt64(20) != 0,
            Owner = SqliteValues.Text(row, 21),
            Prompt = SqliteValues.Text(row, 22),
        };

    /// <summary>The columns of <c>agents</c> that <see cref="Agent"/> reads, in its order.</summary>
    public const string AgentColumns =
        "agent, workspace, thread, first_seen_at, last_seen_at, "
        + "(SELECT count(*) FROM turns WHERE turns.agent = agents.agent AND state = 0 AND state < 2), "
        + "(SELECT count(*) FROM turns WHERE turns.agent = agents.agent AND state = 1 AND state < 2), "
        + "ended, failed, input_tokens, output_tokens, cache_read_tokens, thinking_tokens";

    public static AgentEntry Agent(SqliteDataReader row) =>
        new(
            AgentId.Parse(row.GetString(0)),
            SqliteValues.Text(row, 1),
            Thread(row, 2),
            SqliteValues.Time(row.GetInt64(3)),
            SqliteValues.Time(row.GetInt64(4)),
            row.GetInt64(5),
            row.GetInt64(6),
            row.GetInt64(7),
            row.GetInt64(8),
            Usage(row, 9)
        );

    public static DayUsage Day(SqliteDataReader row) =>
        new(
            DateOnly.ParseExact(row.GetString(0), "yyyy-MM-dd", CultureInfo.InvariantCulture),
            row.GetInt64(1),
            row.GetInt64(2),
            Usage(row, 3)
        );

    public static string NameOf(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static ThreadId? Thread(SqliteDataReader row, int column) =>
        ThreadId.TryParse(SqliteValues.Text(row, column), out var id) ? id : null;

    private static Usage Usage(SqliteDataReader row, int column) =>
        new(row.GetInt64(column), row.GetInt64(column + 1), row.GetInt64(column + 2), row.GetInt64(column + 3));
}
