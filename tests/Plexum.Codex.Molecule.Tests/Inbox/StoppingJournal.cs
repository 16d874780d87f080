using System.Collections.Immutable;
using Plexum.Codex.Inbox;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Molecule.Inbox;

/// <summary>The real journal, and points at which a test lets a program come no further, as a death there would.</summary>
internal sealed class StoppingJournal(IInboxJournal journal) : IInboxJournal
{
    private static readonly Task Never = new TaskCompletionSource().Task;

    private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The name of an operation with <c>before</c> or <c>after</c> in front: <c>before KeepReply</c>; null for none.</summary>
    public string? StopAt { get; set; }

    /// <summary>What taking messages in fails with; null for nothing.</summary>
    public Func<Exception?> FailReceive { get; set; } = () => null;

    /// <summary>What is waited for between the reading of a thread's next message and the telling of it.</summary>
    public Func<InboxEntry?, Task> AfterFindNext { get; set; } = _ => Task.CompletedTask;

    /// <summary>Completes when the program has come to that point.</summary>
    public Task Reached => _reached.Task;

    public Task<ImmutableArray<AgentId>> ReceiveAsync(ImmutableArray<InboxArrival> arrivals, DateTimeOffset at) =>
        FailReceive() is { } failure
            ? Task.FromException<ImmutableArray<AgentId>>(failure)
            : At("Receive", () => journal.ReceiveAsync(arrivals, at));

    public Task<ImmutableArray<AgentId>> OpenConversationsAsync() => journal.OpenConversationsAsync();

    public Task<InboxEntry?> FindNextAsync(AgentId conversation) => At("FindNext", async () =>
        {
            var entry = await journal.FindNextAsync(conversation);
            await AfterFindNext(entry);
            return entry;
        });

    public Task<InboxHistory> FindHistoryAsync(AgentId conversation, int limit) => journal.FindHistoryAsync(conversation, limit);

    public Task KeepReplyAsync(string activityId, string reply, DateTimeOffset at) =>
        At("KeepReply", () => journal.KeepReplyAsync(activityId, reply, at));

    public Task DeliveredAsync(string activityId, DateTimeOffset at) => At("Delivered", () => journal.DeliveredAsync(activityId, at));

    public Task FailedAsync(string activityId, string problem, DateTimeOffset at) => journal.FailedAsync(activityId, problem, at);

    public Task GiveUpAsync(string activityId, string problem, DateTimeOffset at) => journal.GiveUpAsync(activityId, problem, at);

    public Task<ImmutableArray<InboxNumber>> FindUnacknowledgedAsync(long after, int limit) =>
        journal.FindUnacknowledgedAsync(after, limit);

    // A round without a success says so as well, and is no place of interest.
    public Task AcknowledgedAsync(IReadOnlyCollection<InboxNumber> numbers) =>
        numbers.Count == 0 ? Task.CompletedTask : At("Acknowledged", () => journal.AcknowledgedAsync(numbers));

    public Task<InboxCounts> CountAsync() => journal.CountAsync();

    public Task<ImmutableArray<DeadLetter>> FindDeadLettersAsync(long after, int limit) => journal.FindDeadLettersAsync(after, limit);

    public Task<(int Count, ImmutableArray<AgentId> Conversations)> RequeueAsync(string? activityId, DateTimeOffset at) =>
        journal.RequeueAsync(activityId, at);

    public Task<int> ForgetAsync(DateTimeOffset before, int limit) => journal.ForgetAsync(before, limit);

    private async Task<T> At<T>(string operation, Func<Task<T>> run)
    {
        await StopAsync("before " + operation);
        var result = await run();
        await StopAsync("after " + operation);
        return result;
    }

    private Task At(string operation, Func<Task> run) => At(operation, async () =>
        {
            await run();
            return 0;
        });

    private Task StopAsync(string point)
    {
        if (point != StopAt)
        {
            return Task.CompletedTask;
        }

        _reached.TrySetResult();
        return Never;
    }
}
