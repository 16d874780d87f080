using Plexum.Codex.Inbox;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Sqlite.Inbox;

/// <summary>The writes of one inbox. Each runs inside the transaction of the file's writer.</summary>
internal static class InboxStatements
{
    private const string Insert =
        "INSERT INTO inbox (inbox, activity, conversation, peer, workspace, text, state, received_at, changed_at) "
        + "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8) ON CONFLICT (inbox, activity) DO NOTHING";

    private const string HandedOutAgain = "UPDATE inbox SET acknowledged = 0, handed = handed + 1 WHERE inbox = $1 AND activity = $2";
    private const string KeepReply =
        "UPDATE inbox SET state = 1, reply = $3, text = NULL, changed_at = $4 WHERE inbox = $1 AND activity = $2 AND state = 0";

    private const string Deliver =
        "UPDATE inbox SET state = 2, reply = NULL, text = NULL, problem = NULL, changed_at = $3 "
        + "WHERE inbox = $1 AND activity = $2 AND state < 2";

    private const string Fail =
        "UPDATE inbox SET attempts = attempts + 1, problem = $3, changed_at = $4 WHERE inbox = $1 AND activity = $2 AND state < 2";

    private const string GiveUp =
        "UPDATE inbox SET state = 3, problem = $3, changed_at = $4 WHERE inbox = $1 AND activity = $2 AND state < 2";

    private const string Acknowledge = "UPDATE inbox SET acknowledged = 1 WHERE number = $1 AND handed = $2 AND state >= 2";
    private const string Reopen =
        "UPDATE inbox SET state = CASE WHEN reply IS NULL THEN 0 ELSE 1 END, attempts = 0, unguarded = 1, changed_at = $3 "
        + "WHERE inbox = $1 AND state = 3 AND ($2 IS NULL OR activity = $2) RETURNING conversation";

    private const string ForgetDone =
        "DELETE FROM inbox WHERE number IN "
        + "(SELECT number FROM inbox WHERE inbox = $1 AND state = 2 AND acknowledged = 1 AND changed_at < $2 LIMIT $3)";

    private const string ForgetDead =
        "DELETE FROM inbox WHERE number IN "
        + "(SELECT number FROM inbox WHERE inbox = $1 AND state = 3 AND acknowledged = 1 AND changed_at < $2 LIMIT $3)";

    /// <summary>Records messages.</summary>
    /// <returns>The conversations with new messages.</returns>
    public static HashSet<AgentId> Receive(SqliteStatements statements, string inbox, IEnumerable<InboxArrival> arrivals, DateTimeOffset at)
    {
        var conversations = new HashSet<AgentId>();
        foreach (var (activity, chat) in arrivals)
        {
            var inserted = statements
                .Statement(Insert)
                .Execute(
                    inbox,
                    activity,
                    chat?.Conversation.Value ?? "",
                    chat?.PeerId ?? "",
                    chat?.WorkspaceId ?? "",
                    chat?.Text,
                    (long)(chat is null ? InboxState.Done : InboxState.Received),
                    SqliteValues.NumberOf(at)
                );
            if (inserted == 0)
            {
                statements.Statement(HandedOutAgain).Execute(inbox, activity);
            }
            else if (chat is not null)
            {
                conversations.Add(chat.Conversation);
            }
        }

        return conversations;
    }

    public static int Keep(SqliteStatements statements, string inbox, string activity, string reply, DateTimeOffset at) =>
        statements.Statement(KeepReply).Execute(inbox, activity, reply, SqliteValues.NumberOf(at));

    public static void Delivered(SqliteStatements statements, string inbox, string activity, DateTimeOffset at) =>
        statements.Statement(Deliver).Execute(inbox, activity, SqliteValues.NumberOf(at));

    public static int Failed(SqliteStatements statements, string inbox, string activity, string problem, DateTimeOffset at) =>
        statements.Statement(Fail).Execute(inbox, activity, problem, SqliteValues.NumberOf(at));

    public static int GivenUp(SqliteStatements statements, string inbox, string activity, string problem, DateTimeOffset at) =>
        statements.Statement(GiveUp).Execute(inbox, activity, problem, SqliteValues.NumberOf(at));

    public static int Acknowledged(SqliteStatements statements, IEnumerable<InboxNumber> numbers) =>
        numbers.Sum(number => statements.Statement(Acknowledge).Execute(number.Number, number.Handed));

    /// <summary>Reopens dead letters.</summary>
    /// <returns>Their conversations, one per dead letter.</returns>
    public static List<AgentId> Requeue(SqliteStatements statements, string inbox, string? activity, DateTimeOffset at)
    {
        var conversations = new List<AgentId>();
        using var rows = statements.Statement(Reopen).Read(inbox, activity, SqliteValues.NumberOf(at));
        while (rows.Read())
        {
            conversations.Add(AgentId.Parse(rows.GetString(0)));
        }

        return conversations;
    }

    public static int Forget(SqliteStatements statements, string inbox, DateTimeOffset before, int limit)
    {
        var done = statements.Statement(ForgetDone).Execute(inbox, SqliteValues.NumberOf(before), (long)limit);
        return done + statements.Statement(ForgetDead).Execute(inbox, SqliteValues.NumberOf(before), (long)(limit - done));
    }
}

/// <summary>A message's state. The database stores the numbers.</summary>
internal enum InboxState
{
    /// <summary>Waiting for codex, or codex is running.</summary>
    Received = 0,

    /// <summary>The reply is recorded and has to be sent.</summary>
    Answered = 1,

    /// <summary>Nothing is left to do.</summary>
    Done = 2,

    /// <summary>A dead letter.</summary>
    Dead = 3,
}
