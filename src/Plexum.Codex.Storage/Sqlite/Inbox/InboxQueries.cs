using System.Collections.Immutable;
using Microsoft.Data.Sqlite;
using Plexum.Codex.Inbox;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Sqlite.Inbox;

/// <summary>Queries of one inbox, on a read-only connection.</summary>
internal static class InboxQueries
{
    // Without statistics, SQLite would scan every message to find the few open ones.
    private const string Open = "inbox INDEXED BY inbox_open";

    public static ImmutableArray<AgentId> OpenConversations(SqliteConnection connection, string inbox) =>
        LedgerSql.Query(
            connection,
            $"SELECT DISTINCT conversation FROM {Open} WHERE inbox = $1 AND state < 2 ORDER BY conversation",
            row => AgentId.Parse(row.GetString(0)),
            inbox
        );

    public static InboxEntry? Next(SqliteConnection connection, string inbox, AgentId conversation) =>
        LedgerSql
            .Query(
                connection,
                $"SELECT activity, peer, workspace, text, reply, attempts, unguarded, received_at FROM {Open} "
                    + "WHERE inbox = $1 AND conversation = $2 AND state < 2 ORDER BY number LIMIT 1",
                row => new InboxEntry(
                    row.GetString(0),
                    new InboxChat(conversation, row.GetString(1), row.GetString(2), SqliteValues.Text(row, 3) ?? ""),
                    SqliteValues.Text(row, 4),
                    row.GetInt32(5),
                    row.GetInt64(6) != 0,
                    SqliteValues.Time(row.GetInt64(7))
                ),
                inbox,
                conversation.Value
            )
            .FirstOrDefault();

    public static InboxHistory History(SqliteConnection connection, string inbox, AgentId conversation, int limit)
    {
        var answered = LedgerSql.Query(
            connection,
            "SELECT received_at, changed_at FROM inbox INDEXED BY inbox_answered "
                + "WHERE inbox = $1 AND conversation = $2 AND state = 2 ORDER BY changed_at DESC LIMIT $3",
            row => new InboxExchange(SqliteValues.Time(row.GetInt64(0)), SqliteValues.Time(row.GetInt64(1))),
            inbox,
            conversation.Value,
            (long)limit
        );
        var spoke = LedgerSql
            .Query(
                connection,
                "SELECT received_at FROM inbox INDEXED BY inbox_from_user "
                    + "WHERE inbox = $1 AND peer = '' AND conversation <> '' ORDER BY received_at DESC LIMIT 1",
                row => (DateTimeOffset?)SqliteValues.Time(row.GetInt64(0)),
                inbox
            )
            .FirstOrDefault();
        return new InboxHistory(answered, spoke);
    }

    public static ImmutableArray<InboxNumber> Unacknowledged(SqliteConnection connection, string inbox, long after, int limit) =>
        LedgerSql.Query(
            connection,
            "SELECT number, activity, handed FROM inbox INDEXED BY inbox_unacknowledged "
                + "WHERE inbox = $1 AND state >= 2 AND acknowledged = 0 AND number > $2 ORDER BY number LIMIT $3",
            row => new InboxNumber(row.GetInt64(0), row.GetString(1), row.GetInt64(2)),
            inbox,
            after,
            (long)limit
        );

    public static InboxCounts Count(SqliteConnection connection, string inbox)
    {
        var open = LedgerSql.Query(
            connection,
            $"SELECT count(*), coalesce(sum(state), 0) FROM {Open} WHERE inbox = $1 AND state < 2",
            row => (All: row.GetInt64(0), Answered: row.GetInt64(1)),
            inbox
        )[0];
        return new InboxCounts(
            open.All - open.Answered,
            open.Answered,
            Number(connection, "SELECT count(*) FROM inbox INDEXED BY inbox_dead WHERE inbox = $1 AND state = 3", inbox),
            Number(
                connection,
                "SELECT count(*) FROM inbox INDEXED BY inbox_unacknowledged WHERE inbox = $1 AND state >= 2 AND acknowledged = 0",
                inbox
            )
        );
    }

    public static ImmutableArray<DeadLetter> DeadLetters(SqliteConnection connection, string inbox, long after, int limit) =>
        LedgerSql.Query(
            connection,
            "SELECT number, activity, conversation, peer, reply IS NOT NULL, attempts, problem, received_at, changed_at "
                + "FROM inbox INDEXED BY inbox_dead WHERE inbox = $1 AND state = 3 AND number > $2 ORDER BY number LIMIT $3",
            row => new DeadLetter(
                row.GetInt64(0),
                row.GetString(1),
                AgentId.Parse(row.GetString(2)),
                row.GetString(3),
                row.GetInt64(4) != 0,
                row.GetInt32(5),
                SqliteValues.Text(row, 6) ?? "",
                SqliteValues.Time(row.GetInt64(7)),
                SqliteValues.Time(row.GetInt64(8))
            ),
            inbox,
            after,
            (long)limit
        );

    private static long Number(SqliteConnection connection, string sql, string inbox) =>
        LedgerSql.Query(connection, sql, row => row.GetInt64(0), inbox)[0];
}
