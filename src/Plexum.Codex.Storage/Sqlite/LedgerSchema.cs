using System.Globalization;
using Microsoft.Data.Sqlite;
using Plexum.Codex.Ledger;

namespace Plexum.Codex.Sqlite;

/// <summary>The tables, and the migrations from older versions. <c>PRAGMA user_version</c> is the version of a file.</summary>
/// <remarks>Times are milliseconds since 1970 in UTC. CHECK constraints enforce types: an existing table cannot become STRICT.</remarks>
internal static class LedgerSchema
{
    private static readonly string[] Migrations =
    [
        """
            CREATE TABLE turns (
              number INTEGER PRIMARY KEY AUTOINCREMENT,
              turn TEXT NOT NULL UNIQUE CHECK (typeof(turn) = 'text'),
              agent TEXT NOT NULL CHECK (typeof(agent) = 'text'),
              workspace TEXT,
              model TEXT,
              state INTEGER NOT NULL CHECK (state IN (0, 1, 2)),
              accepted_at INTEGER NOT NULL CHECK (typeof(accepted_at) = 'integer'),
              started_at INTEGER CHECK (typeof(started_at) IN ('integer', 'null')),
              ended_at INTEGER CHECK (typeof(ended_at) IN ('integer', 'null')),
              stop_reason TEXT,
              input_tokens INTEGER NOT NULL DEFAULT 0 CHECK (typeof(input_tokens) = 'integer'),
              output_tokens INTEGER NOT NULL DEFAULT 0 CHECK (typeof(output_tokens) = 'integer'),
              cache_read_tokens INTEGER NOT NULL DEFAULT 0 CHECK (typeof(cache_read_tokens) = 'integer'),
              thinking_tokens INTEGER NOT NULL DEFAULT 0 CHECK (typeof(thinking_tokens) = 'integer'),
              error_code TEXT,
              error_class TEXT,
              error_message TEXT,
              thread TEXT,
              idempotency_key TEXT,
              request_hash BLOB NOT NULL CHECK (typeof(request_hash) = 'blob'),
              files_bytes INTEGER CHECK (typeof(files_bytes) IN ('integer', 'null')),
              files_removed INTEGER NOT NULL DEFAULT 0 CHECK (files_removed IN (0, 1))
            );
            CREATE UNIQUE INDEX turns_by_key ON turns (agent, idempotency_key) WHERE idempotency_key IS NOT NULL;
            CREATE INDEX turns_by_agent ON turns (agent, number);
            CREATE INDEX turns_unfinished ON turns (agent, state) WHERE state < 2;
            CREATE INDEX turns_with_files ON turns (number) WHERE state = 2 AND files_removed = 0;
            CREATE INDEX turns_without_files ON turns (ended_at) WHERE files_removed = 1;
            CREATE TABLE requests (
              number INTEGER PRIMARY KEY,
              document BLOB NOT NULL CHECK (typeof(document) = 'blob')
            );
            CREATE TABLE agents (
              agent TEXT PRIMARY KEY CHECK (typeof(agent) = 'text'),
              workspace TEXT,
              thread TEXT,
              first_seen_at INTEGER NOT NULL CHECK (typeof(first_seen_at) = 'integer'),
              last_seen_at INTEGER NOT NULL CHECK (typeof(last_seen_at) = 'integer'),
              ended INTEGER NOT NULL DEFAULT 0,
              failed INTEGER NOT NULL DEFAULT 0,
              input_tokens INTEGER NOT NULL DEFAULT 0,
              output_tokens INTEGER NOT NULL DEFAULT 0,
              cache_read_tokens INTEGER NOT NULL DEFAULT 0,
              thinking_tokens INTEGER NOT NULL DEFAULT 0
            );
            CREATE TABLE usage_by_day (
              day TEXT NOT NULL,
              agent TEXT NOT NULL,
              turns INTEGER NOT NULL,
              failed INTEGER NOT NULL,
              input_tokens INTEGER NOT NULL,
              output_tokens INTEGER NOT NULL,
              cache_read_tokens INTEGER NOT NULL,
              thinking_tokens INTEGER NOT NULL,
              PRIMARY KEY (day, agent)
            );
            CREATE INDEX usage_by_agent ON usage_by_day (agent, day);
            """,
        // Messages of other systems' inboxes; see SqliteInboxJournal.
        """
            CREATE TABLE inbox (
              number INTEGER PRIMARY KEY AUTOINCREMENT,
              inbox TEXT NOT NULL CHECK (typeof(inbox) = 'text'),
              activity TEXT NOT NULL CHECK (typeof(activity) = 'text'),
              thread TEXT NOT NULL CHECK (typeof(thread) = 'text'),
              peer TEXT NOT NULL,
              workspace TEXT NOT NULL,
              text TEXT,
              reply TEXT,
              state INTEGER NOT NULL CHECK (state IN (0, 1, 2, 3)),
              acknowledged INTEGER NOT NULL DEFAULT 0 CHECK (acknowledged IN (0, 1)),
              handed INTEGER NOT NULL DEFAULT 1 CHECK (typeof(handed) = 'integer'),
              unguarded INTEGER NOT NULL DEFAULT 0 CHECK (unguarded IN (0, 1)),
              attempts INTEGER NOT NULL DEFAULT 0 CHECK (typeof(attempts) = 'integer'),
              problem TEXT,
              received_at INTEGER NOT NULL CHECK (typeof(received_at) = 'integer'),
              changed_at INTEGER NOT NULL CHECK (typeof(changed_at) = 'integer'),
              UNIQUE (inbox, activity)
            );
            CREATE INDEX inbox_open ON inbox (inbox, thread, number) WHERE state < 2;
            CREATE INDEX inbox_unacknowledged ON inbox (inbox, number) WHERE state >= 2 AND acknowledged = 0;
            CREATE INDEX inbox_answered ON inbox (inbox, thread, changed_at) WHERE state = 2;
            CREATE INDEX inbox_from_user ON inbox (inbox, received_at) WHERE peer = '' AND thread <> '';
            CREATE INDEX inbox_done ON inbox (inbox, changed_at) WHERE state = 2 AND acknowledged = 1;
            CREATE INDEX inbox_dead ON inbox (inbox, number) WHERE state = 3;
            """,
        // The node that accepted a turn; null in older turns.
        """
            ALTER TABLE turns ADD COLUMN owner TEXT;
            """,
        // A thread is codex's; what the platform's messages belong to is a conversation. LedgerSalvage knows both names.
        """
            ALTER TABLE inbox RENAME COLUMN thread TO conversation;
            """,
        // The first line of a turn's prompt, for lists; null in older turns, and once the turn's files are gone.
        """
            ALTER TABLE turns ADD COLUMN prompt TEXT;
            """,
        // The questions of codex that running turns wait for; see SqliteApprovals.
        """
            CREATE TABLE approvals (
              number INTEGER PRIMARY KEY AUTOINCREMENT,
              turn TEXT NOT NULL CHECK (typeof(turn) = 'text'),
              question TEXT NOT NULL CHECK (typeof(question) = 'text'),
              agent TEXT NOT NULL CHECK (typeof(agent) = 'text'),
              document BLOB NOT NULL CHECK (typeof(document) = 'blob'),
              asked_at INTEGER NOT NULL CHECK (typeof(asked_at) = 'integer'),
              expires_at INTEGER NOT NULL CHECK (typeof(expires_at) = 'integer'),
              decision TEXT,
              content TEXT,
              answered_by TEXT,
              UNIQUE (turn, question)
            );
            CREATE INDEX approvals_open ON approvals (number) WHERE decision IS NULL;
            """,
    ];

    /// <summary>The schema version of this program.</summary>
    public static int Version => Migrations.Length;

    /// <summary>Migrates a database to this program's version, completely or not at all.</summary>
    /// <exception cref="LedgerUnavailableException">It was written by a newer program.</exception>
    public static void Migrate(SqliteConnection connection, string path)
    {
        var version = ReadVersion(connection, path);
        if (version == Version)
        {
            return;
        }

        using var transaction = connection.BeginTransaction(deferred: false);
        for (var next = ReadVersion(connection, path); next < Version; next++)
        {
            LedgerSql.Execute(connection, Migrations[next], transaction);
        }

        LedgerSql.Execute(connection, string.Create(CultureInfo.InvariantCulture, $"PRAGMA user_version = {Version}"), transaction);
        transaction.Commit();
    }

    /// <summary>Reads what startup needs, so that damage to it shows at once; everything else is checked soon after.</summary>
    /// <returns>Always null: damage is thrown.</returns>
    public static string? Glance(SqliteConnection connection)
    {
        LedgerSql.Scalar(
            connection,
            "SELECT count(turn) + count(length(document)) "
                + "FROM turns INDEXED BY turns_unfinished LEFT JOIN requests USING (number) WHERE state < 2"
        );
        LedgerSql.Scalar(connection, "SELECT max(number) FROM turns");
        return null;
    }

    private static int ReadVersion(SqliteConnection connection, string path)
    {
        var version = (int)(long)LedgerSql.Scalar(connection, "PRAGMA user_version")!;
        return version <= Version
            ? version
            : throw new LedgerUnavailableException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"The ledger {path} has schema version {version}, but this program supports only {Version}: "
                        + $"a newer plexum-codex wrote it. Start that one, or move the ledger away to start with a new one."
                )
            );
    }
}
