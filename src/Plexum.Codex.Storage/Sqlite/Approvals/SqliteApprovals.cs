using System.Collections.Immutable;
using Microsoft.Data.Sqlite;
using Plexum.Codex.Approvals;
using Plexum.Codex.Ledger;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Sqlite.Approvals;

/// <summary>
/// The questions of codex as a table in the ledger's file. The end of a turn removes its questions there, in the same transaction.
/// </summary>
/// <param name="store">The file. Its opener closes it.</param>
public sealed class SqliteApprovals(SqliteStore store) : IApprovalBook
{
    private const string Columns = "turn, agent, document, asked_at, expires_at, decision, content, answered_by";
    private const string Insert =
        "INSERT OR IGNORE INTO approvals (turn, question, agent, document, asked_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6)";

    private const string Find = $"SELECT {Columns} FROM approvals WHERE turn = $1 AND question = $2";
    private const string SetAnswer =
        "UPDATE approvals SET decision = $3, content = $4, answered_by = $5 WHERE turn = $1 AND question = $2 AND decision IS NULL";

    private const string Open = $"SELECT {Columns} FROM approvals WHERE decision IS NULL AND ($1 IS NULL OR turn = $1) ORDER BY number";
    private const string Remove = "DELETE FROM approvals WHERE turn = $1";

    /// <inheritdoc/>
    public Task<PendingApproval> AskAsync(PendingApproval asked)
    {
        ArgumentNullException.ThrowIfNull(asked);
        return store.Writer.WriteAsync(statements => Record(statements, asked));
    }

    /// <inheritdoc/>
    public Task<PendingApproval?> AnswerAsync(TurnId turn, ApprovalId id, ApprovalAnswer answer, string by)
    {
        ArgumentNullException.ThrowIfNull(answer);
        return store.Writer.WriteAsync(statements => Record(statements, turn, id, answer, by));
    }

    /// <inheritdoc/>
    public async Task<ImmutableArray<PendingApproval>> PendingAsync(TurnId? turn = null)
    {
        var rows = await store.ReadAsync(connection => LedgerSql.Query(connection, Open, Row, turn?.Value)).ConfigureAwait(false);
        return [.. rows.OfType<PendingApproval>()];
    }

    /// <inheritdoc/>
    public void Close(TurnId turn) => store.Writer.Note(statements => statements.Statement(Remove).Execute(turn.Value));

    private static PendingApproval Record(SqliteStatements statements, PendingApproval asked)
    {
        var (turn, question) = (asked.TurnId.Value, asked.Question);
        statements
            .Statement(Insert)
            .Execute(
                turn,
                question.Id.Value,
                asked.AgentId.Value,
                ApprovalJson.ToUtf8(question),
                SqliteValues.NumberOf(asked.AskedAt),
                SqliteValues.NumberOf(asked.ExpiresAt)
            );
        using var row = statements.Statement(Find).Read(turn, question.Id.Value);
        return (row.Read() ? Row(row) : null) ?? asked;
    }

    private static PendingApproval? Record(SqliteStatements statements, TurnId turn, ApprovalId id, ApprovalAnswer answer, string by)
    {
        statements.Statement(SetAnswer).Execute(turn.Value, id.Value, answer.Decision.ToWireName(), answer.Content, by);
        using var row = statements.Statement(Find).Read(turn.Value, id.Value);
        return row.Read() ? Row(row) : null;
    }

    // A question that only a newer version understands is left out: nobody could answer it here.
    private static PendingApproval? Row(SqliteDataReader row) =>
        ApprovalJson.Read(row.GetFieldValue<byte[]>(2)) is { } question
            ? new PendingApproval(
                TurnId.Parse(row.GetString(0)),
                AgentId.Parse(row.GetString(1)),
                question,
                SqliteValues.Time(row.GetInt64(3)),
                SqliteValues.Time(row.GetInt64(4))
            )
            {
                Answer = ApprovalDecisions.TryParse(SqliteValues.Text(row, 5), out var decision)
                    ? new ApprovalAnswer(decision, SqliteValues.Text(row, 6))
                    : null,
                AnsweredBy = SqliteValues.Text(row, 7),
            }
            : null;
}
