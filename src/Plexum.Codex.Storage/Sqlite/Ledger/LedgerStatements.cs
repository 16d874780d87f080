using System.Collections.Immutable;
using Plexum.Codex.Ledger;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Sqlite.Ledger;

/// <summary>The statements that write turns and agents, each inside the writer's transaction.</summary>
internal readonly struct LedgerStatements(SqliteStatements statements)
{
    private const string ByKey = "SELECT turn, state, request_hash FROM turns WHERE agent = $1 AND idempotency_key = $2";
    private const string ByTurn = "SELECT agent, state, request_hash, number FROM turns WHERE turn = $1";
    private const string InsertTurn =
        "INSERT INTO turns (turn, agent, workspace, model, state, accepted_at, idempotency_key, request_hash, owner, prompt) "
        + "VALUES ($1, $2, $3, $4, 0, $5, $6, $7, $8, $9)";

    private const string InsertRequest = "INSERT INTO requests (number, document) VALUES (last_insert_rowid(), $1)";
    private const string SeeAgent =
        "INSERT INTO agents (agent, workspace, first_seen_at, last_seen_at) VALUES ($1, $2, $3, $3) "
        + "ON CONFLICT (agent) DO UPDATE SET workspace = excluded.workspace, last_seen_at = excluded.last_seen_at";

    private const string StartTurn = "UPDATE turns SET state = 1, started_at = coalesce(started_at, $2) WHERE turn = $1 AND state < 2";
    private const string EndTurn =
        "UPDATE turns SET state = 2, ended_at = $2, stop_reason = $3, input_tokens = $4, output_tokens = $5, cache_read_tokens = $6, "
        + "thinking_tokens = $7, error_code = $8, error_class = $9, error_message = $10, thread = $11 WHERE number = $1";

    private const string ChangeOwner = "UPDATE turns SET owner = $1 WHERE state < 2 AND owner = $2 RETURNING turn";

    private const string RemoveRequest = "DELETE FROM requests WHERE number = $1";
    private const string RemoveApprovals = "DELETE FROM approvals WHERE turn = $1";
    private const string EndOfAgent =
        "UPDATE agents SET last_seen_at = $2, thread = coalesce($3, thread), ended = ended + 1, failed = failed + $4, "
        + "input_tokens = input_tokens + $5, output_tokens = output_tokens + $6, cache_read_tokens = cache_read_tokens + $7, "
        + "thinking_tokens = thinking_tokens + $8 WHERE agent = $1";

    private const string UseOnDay =
        "INSERT INTO usage_by_day VALUES ($1, $2, 1, $3, $4, $5, $6, $7) ON CONFLICT (day, agent) DO UPDATE SET "
        + "turns = turns + 1, failed = failed + excluded.failed, input_tokens = input_tokens + excluded.input_tokens, "
        + "output_tokens = output_tokens + excluded.output_tokens, cache_read_tokens = cache_read_tokens + excluded.cache_read_tokens, "
        + "thinking_tokens = thinking_tokens + excluded.thinking_tokens";

    private const string FilesBytes = "UPDATE turns SET files_bytes = $2 WHERE turn = $1 AND state = 2";
    private const string FilesRemoved = "UPDATE turns SET files_removed = 1, prompt = NULL WHERE turn = $1 AND state = 2";
    private const string ForgetTurns =
        "DELETE FROM turns WHERE number IN (SELECT number FROM turns WHERE files_removed = 1 AND ended_at < $1 LIMIT $2)";

    public LedgerReceipt Accept(AcceptedTurn turn)
    {
        if ((turn.Key is null ? null : FindByKey(turn)) is { } earlier)
        {
            return earlier;
        }

        using (var row = statements.Statement(ByTurn).Read(turn.TurnId.Value))
        {
            if (row.Read())
            {
                return row.GetString(0) == turn.Agent.Value
                    ? new LedgerReceipt(turn.TurnId, false, turn.HasHash(row.GetFieldValue<byte[]>(2)), (TurnState)row.GetInt32(1))
                    : throw new CodexException(
                        $"The turn {turn.TurnId} belongs to the agent {row.GetString(0)}; give the new turn another id."
                    );
            }
        }

        var at = SqliteValues.NumberOf(turn.At);
        statements
            .Statement(InsertTurn)
            .Execute(turn.TurnId.Value, turn.Agent.Value, turn.Workspace, turn.Model, at, turn.Key, turn.Hash, turn.Owner, turn.Prompt);
        statements.Statement(InsertRequest).Execute(turn.Document);
        statements.Statement(SeeAgent).Execute(turn.Agent.Value, turn.Workspace, at);
        return new LedgerReceipt(turn.TurnId, true, true, TurnState.Queued);
    }

    public ImmutableArray<TurnId> TakeOver(string owner, ImmutableArray<string> gone)
    {
        var taken = ImmutableArray.CreateBuilder<TurnId>();
        foreach (var other in gone)
        {
            using var row = statements.Statement(ChangeOwner).Read(owner, other);
            while (row.Read())
            {
                taken.Add(TurnId.Parse(row.GetString(0)));
            }
        }

        return taken.ToImmutable();
    }

    public void Start(TurnId turn, DateTimeOffset at) => statements.Statement(StartTurn).Execute(turn.Value, SqliteValues.NumberOf(at));

    public void End(TurnId turn, TurnOutcome outcome)
    {
        if (FindUnfinished(turn) is not { } found)
        {
            return;
        }

        var at = SqliteValues.NumberOf(outcome.At);
        var usage = outcome.Usage;
        var failed = outcome.StopReason is StopReason.Error or StopReason.Timeout ? 1L : 0L;
        var thread = outcome.ThreadId?.ToString();
        statements
            .Statement(EndTurn)
            .Execute(
                found.Number,
                at,
                outcome.StopReason.ToWireName(),
                usage.InputTokens,
                usage.OutputTokens,
                usage.CacheReadTokens,
                usage.ThinkingTokens,
                outcome.ErrorCode,
                outcome.ErrorClass?.ToWireName(),
                outcome.ErrorMessage,
                thread
            );
        statements.Statement(RemoveRequest).Execute(found.Number);
        statements.Statement(RemoveApprovals).Execute(turn.Value);
        statements
            .Statement(EndOfAgent)
            .Execute(found.Agent, at, thread, failed, usage.InputTokens, usage.OutputTokens, usage.CacheReadTokens, usage.ThinkingTokens);
        statements
            .Statement(UseOnDay)
            .Execute(
                LedgerRows.NameOf(DateOnly.FromDateTime(outcome.At.UtcDateTime)),
                found.Agent,
                failed,
                usage.InputTokens,
                usage.OutputTokens,
                usage.CacheReadTokens,
                usage.ThinkingTokens
            );
    }

    public void NoteFiles(TurnId turn, long bytes) => statements.Statement(FilesBytes).Execute(turn.Value, bytes);

    public void NoteFilesRemoved(TurnId turn) => statements.Statement(FilesRemoved).Execute(turn.Value);

    public int Forget(DateTimeOffset endedBefore, int limit) =>
        statements.Statement(ForgetTurns).Execute(SqliteValues.NumberOf(endedBefore), (long)limit);

    private LedgerReceipt? FindByKey(AcceptedTurn turn)
    {
        using var row = statements.Statement(ByKey).Read(turn.Agent.Value, turn.Key);
        return row.Read()
            ? new LedgerReceipt(
                TurnId.Parse(row.GetString(0)),
                IsNew: false,
                turn.HasHash(row.GetFieldValue<byte[]>(2)),
                (TurnState)row.GetInt32(1)
            )
            : null;
    }

    private (long Number, string Agent)? FindUnfinished(TurnId turn)
    {
        using var row = statements.Statement(ByTurn).Read(turn.Value);
        return row.Read() && row.GetInt64(1) < 2 ? (row.GetInt64(3), row.GetString(0)) : null;
    }
}
