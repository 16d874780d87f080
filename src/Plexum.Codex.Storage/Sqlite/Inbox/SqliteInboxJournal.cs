using System.Collections.Immutable;
using Plexum.Codex.Inbox;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Sqlite.Inbox;

/// <summary>
/// The journal as a table in the ledger's file. Messages and turns share the writer, its flushes and the rescue of a damaged file.
/// </summary>
/// <param name="store">The file. Its opener closes it.</param>
/// <param name="workspaceId">The inbox's workspace; other inboxes in the same file are not touched.</param>
public sealed class SqliteInboxJournal(SqliteStore store, string workspaceId) : IInboxJournal
{
    /// <inheritdoc/>
    public async Task<ImmutableArray<AgentId>> ReceiveAsync(ImmutableArray<InboxArrival> arrivals, DateTimeOffset at)
    {
        var conversations = await store
            .Writer.WriteAsync(statements => InboxStatements.Receive(statements, workspaceId, arrivals, at))
            .ConfigureAwait(false);
        return [.. conversations];
    }

    /// <inheritdoc/>
    public Task<ImmutableArray<AgentId>> OpenConversationsAsync() =>
        store.ReadAsync(connection => InboxQueries.OpenConversations(connection, workspaceId));

    /// <inheritdoc/>
    public Task<InboxEntry?> FindNextAsync(AgentId conversation) =>
        store.ReadAsync(connection => InboxQueries.Next(connection, workspaceId, conversation));

    /// <inheritdoc/>
    public Task<InboxHistory> FindHistoryAsync(AgentId conversation, int limit) =>
        store.ReadAsync(connection => InboxQueries.History(connection, workspaceId, conversation, limit));

    /// <inheritdoc/>
    public Task KeepReplyAsync(string activityId, string reply, DateTimeOffset at) =>
        store.Writer.WriteAsync(statements => InboxStatements.Keep(statements, workspaceId, activityId, reply, at));

    /// <inheritdoc/>
    public Task DeliveredAsync(string activityId, DateTimeOffset at) =>
        store.Writer.WriteForCertainAsync(statements => InboxStatements.Delivered(statements, workspaceId, activityId, at));

    /// <inheritdoc/>
    public Task FailedAsync(string activityId, string problem, DateTimeOffset at) =>
        store.Writer.WriteAsync(statements => InboxStatements.Failed(statements, workspaceId, activityId, problem, at));

    /// <inheritdoc/>
    public Task GiveUpAsync(string activityId, string problem, DateTimeOffset at) =>
        store.Writer.WriteAsync(statements => InboxStatements.GivenUp(statements, workspaceId, activityId, problem, at));

    /// <inheritdoc/>
    public Task<ImmutableArray<InboxNumber>> FindUnacknowledgedAsync(long after, int limit) =>
        store.ReadAsync(connection => InboxQueries.Unacknowledged(connection, workspaceId, after, limit));

    /// <inheritdoc/>
    public Task AcknowledgedAsync(IReadOnlyCollection<InboxNumber> numbers) =>
        store.Writer.WriteAsync(statements => InboxStatements.Acknowledged(statements, numbers));

    /// <inheritdoc/>
    public Task<InboxCounts> CountAsync() => store.ReadAsync(connection => InboxQueries.Count(connection, workspaceId));

    /// <inheritdoc/>
    public Task<ImmutableArray<DeadLetter>> FindDeadLettersAsync(long after, int limit) =>
        store.ReadAsync(connection => InboxQueries.DeadLetters(connection, workspaceId, after, limit));

    /// <inheritdoc/>
    public async Task<(int Count, ImmutableArray<AgentId> Conversations)> RequeueAsync(string? activityId, DateTimeOffset at)
    {
        var conversations = await store
            .Writer.WriteAsync(statements => InboxStatements.Requeue(statements, workspaceId, activityId, at))
            .ConfigureAwait(false);
        return (conversations.Count, [.. conversations.Distinct()]);
    }

    /// <inheritdoc/>
    public Task<int> ForgetAsync(DateTimeOffset before, int limit) =>
        store.Writer.WriteAsync(statements => InboxStatements.Forget(statements, workspaceId, before, limit));
}
