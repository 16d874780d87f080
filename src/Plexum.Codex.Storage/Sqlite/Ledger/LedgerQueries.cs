using System.Collections.Immutable;
using Microsoft.Data.Sqlite;
using Plexum.Codex.Ledger;
using Plexum.Codex.Requests;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Sqlite.Ledger;

/// <summary>The queries, for a read-only connection.</summary>
internal static class LedgerQueries
{
    private const string Turns = $"SELECT {LedgerRows.TurnColumns} FROM turns ";

    // Without statistics SQLite would scan every turn there ever was to find the few unfinished ones.
    private const string Unended = "turns INDEXED BY turns_unfinished";
    private const string Agents = $"SELECT {LedgerRows.AgentColumns} FROM agents ";

    public static LedgerReceipt? FindByKey(SqliteConnection connection, TurnRequest request, string key) =>
        LedgerSql
            .Query(
                connection,
                "SELECT turn, state, request_hash FROM turns WHERE agent = $1 AND idempotency_key = $2",
                row => new LedgerReceipt(
                    TurnId.Parse(row.GetString(0)),
                    IsNew: false,
                    AcceptedTurn.IsHashOf(request, row.GetFieldValue<byte[]>(2)),
                    (TurnState)row.GetInt32(1)
                ),
                request.AgentId.Value,
                key
            )
            .FirstOrDefault();

    public static TurnEntry? FindTurn(SqliteConnection connection, TurnId turn) =>
        LedgerSql.Query(connection, Turns + "WHERE turn = $1", LedgerRows.Turn, turn.Value).FirstOrDefault();

    // An agent's running turn is normally its first, but if a clock or a person changed that, it still comes first.
    public static ImmutableArray<UnfinishedTurn> Unfinished(SqliteConnection connection, string owner)
    {
        var turns = LedgerSql.Query(
            connection,
            $"SELECT {LedgerRows.TurnColumns}, document FROM {Unended} LEFT JOIN requests USING (number) "
                + "WHERE state < 2 AND (owner = $1 OR owner IS NULL) ORDER BY number",
            row => new UnfinishedTurn(LedgerRows.Turn(row), Request(row)),
            owner
        );
        var running = turns.Where(turn => turn.Entry.State == TurnState.Running).ToLookup(turn => turn.Entry.AgentId);
        var seen = new HashSet<AgentId>();
        return running.Count == 0 ? turns : [.. turns.SelectMany(InFront)];

        IEnumerable<UnfinishedTurn> InFront(UnfinishedTurn turn)
        {
            var first = seen.Add(turn.Entry.AgentId) ? running[turn.Entry.AgentId] : [];
            return turn.Entry.State == TurnState.Running ? first : first.Append(turn);
        }
    }

    public static ImmutableArray<string> OtherOwners(SqliteConnection connection, string owner) =>
        LedgerSql.Query(
            connection,
            $"SELECT DISTINCT owner FROM {Unended} WHERE state < 2 AND owner <> $1",
            row => row.GetString(0),
            owner
        );

    public static OpenTurns CountOpen(SqliteConnection connection) =>
        LedgerSql.Query(connection, $"SELECT total(state = 0), total(state = 1) FROM {Unended} WHERE state < 2", row => new OpenTurns(
            (long)row.GetDouble(0),
            (long)row.GetDouble(1)
        ))[0];

    public static ImmutableArray<TurnEntry> Find(SqliteConnection connection, TurnFilter filter)
    {
        var (table, state) = filter.State switch
        {
            null => ("turns", ""),
            TurnState.Ended => ("turns", "state = 2 AND "),
            TurnState.Running => (Unended, "state < 2 AND state = 1 AND "),
            _ => (Unended, "state < 2 AND state = 0 AND "),
        };

        // The plus keeps SQLite from reading all turns in their order instead of looking the few up that begin so.
        var number = filter.Prefix is null ? "number" : "+number";
        return LedgerSql.Query(
            connection,
            $"SELECT {LedgerRows.TurnColumns} FROM {table} WHERE {state}{number} < $1 AND {number} > $2"
                + (filter.Agent is null ? "" : " AND agent = $3")
                + (filter.Prefix is null ? "" : " AND turn >= $5 AND turn < $6")
                + $" ORDER BY {number} DESC LIMIT $4",
            LedgerRows.Turn,
            filter.Before ?? long.MaxValue,
            filter.After ?? 0L,
            filter.Agent?.Value,
            (long)filter.Limit,
            filter.Prefix,
            filter.Prefix + '\uffff'
        );
    }

    public static ImmutableArray<AgentEntry> FindAgents(SqliteConnection connection, AgentId? after, int limit) =>
        LedgerSql.Query(connection, Agents + "WHERE agent > $1 ORDER BY agent LIMIT $2", LedgerRows.Agent, after?.Value ?? "", (long)limit);

    public static AgentEntry? FindAgent(SqliteConnection connection, AgentId agent) =>
        LedgerSql.Query(connection, Agents + "WHERE agent = $1", LedgerRows.Agent, agent.Value).FirstOrDefault();

    public static ImmutableArray<DayUsage> Usage(SqliteConnection connection, AgentId? agent, DateOnly from, DateOnly to) =>
        LedgerSql.Query(
            connection,
            "SELECT day, sum(turns), sum(failed), sum(input_tokens), sum(output_tokens), sum(cache_read_tokens), sum(thinking_tokens) "
                + "FROM usage_by_day WHERE day BETWEEN $1 AND $2"
                + (agent is null ? "" : " AND agent = $3")
                + " GROUP BY day ORDER BY day",
            LedgerRows.Day,
            LedgerRows.NameOf(from),
            LedgerRows.NameOf(to),
            agent?.Value
        );

    public static ImmutableArray<TurnEntry> EndedWithFiles(SqliteConnection connection, long after, int limit) =>
        LedgerSql.Query(
            connection,
            Turns + "WHERE state = 2 AND files_removed = 0 AND number > $1 ORDER BY number LIMIT $2",
            LedgerRows.Turn,
            after,
            (long)limit
        );

    private static TurnRequest? Request(SqliteDataReader row)
    {
        if (row.IsDBNull(LedgerRows.TurnWidth))
        {
            return null;
        }

        var document = row.GetFieldValue<byte[]>(LedgerRows.TurnWidth);
        return TurnRequestJson.Read(AgentId.Parse(row.GetString(2)), document).Request;
    }
}
