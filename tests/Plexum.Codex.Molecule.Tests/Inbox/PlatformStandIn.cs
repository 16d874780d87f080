using System.Collections.Immutable;
using Plexum.Codex.Molecule.Platform;

namespace Plexum.Codex.Molecule.Inbox;

/// <summary>A reply that the platform has taken.</summary>
internal sealed record TakenReply(string To, string Text, string WorkspaceId, string MessageId);

/// <summary>
/// The molecule platform as an inbox sees it: rows that are there until they are popped, replies, and whatever goes wrong by the test's
/// will. It outlives the programs that connect to it.
/// </summary>
internal sealed class PlatformStandIn
{
    public const string User = "the user";

    private readonly Lock _gate = new();
    private readonly List<InboundMessage> _rows = [];
    private readonly List<TakenReply> _replies = [];
    private readonly List<TakenReply> _attempts = [];
    private readonly List<string> _pops = [];
    private TaskCompletionSource _news = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _waits;

    /// <summary>What a question for messages fails with; null for nothing.</summary>
    public Func<Exception?> FailWait { get; set; } = () => null;

    /// <summary>What a reply fails with.</summary>
    public Func<TakenReply, Exception?> FailReply { get; set; } = _ => null;

    /// <summary>What happens to a reply before it is taken or not.</summary>
    public Func<TakenReply, Task> BeforeReply { get; set; } = _ => Task.CompletedTask;

    /// <summary>What an acknowledgement fails with.</summary>
    public Func<string, Exception?> FailPop { get; set; } = _ => null;

    public ImmutableArray<TakenReply> Replies => Locked(() => _replies.ToImmutableArray());

    /// <summary>All calls with replies, those that failed as well.</summary>
    public ImmutableArray<TakenReply> Attempts => Locked(() => _attempts.ToImmutableArray());

    public ImmutableArray<string> Pops => Locked(() => _pops.ToImmutableArray());

    /// <summary>The rows that nobody has popped.</summary>
    public ImmutableArray<string> Rows => Locked(() => _rows.Select(row => row.ActivityId).ToImmutableArray());

    public int Waits => Locked(() => _waits);

    public void Post(params InboundMessage[] messages) =>
        Locked(() =>
        {
            _rows.AddRange(messages);
            Wake();
            return 0;
        });

    /// <summary>Ends the questions that are under way, so that what was changed shows.</summary>
    public void Nudge() =>
        Locked(() =>
        {
            Wake();
            return 0;
        });

    /// <summary>A program's way to the platform. It hands out every row once.</summary>
    public IMoleculePlatform Connect() => new Connection(this);

    private void Wake()
    {
        _news.TrySetResult();
        _news = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    private T Locked<T>(Func<T> look)
    {
        lock (_gate)
        {
            return look();
        }
    }

    private sealed class Connection(PlatformStandIn platform) : IMoleculePlatform
    {
        private readonly HashSet<string> _handedOut = [];

        public async Task<IReadOnlyList<InboundMessage>> WaitForMessagesAsync(TimeSpan timeout, CancellationToken cancellationToken)
        {
            platform.Locked(() => platform._waits++);
            while (true)
            {
                Task news;
                lock (platform._gate)
                {
                    if (platform.FailWait() is { } failure)
                    {
                        throw failure;
                    }

                    var found = platform._rows.Where(row => _handedOut.Add(row.ActivityId)).ToList();
                    if (found.Count > 0)
                    {
                        return found;
                    }

                    news = platform._news.Task;
                }

                await news.WaitAsync(cancellationToken);
            }
        }

        public Task PopAsync(string activityId, CancellationToken cancellationToken) =>
            platform.Locked(() =>
            {
                if (platform.FailPop(activityId) is { } failure)
                {
                    return Task.FromException(failure);
                }

                platform._pops.Add(activityId);
                platform._rows.RemoveAll(row => row.ActivityId == activityId);
                return Task.CompletedTask;
            });

        public Task SendMessageToUserAsync(string workspaceId, string text, string messageId, CancellationToken cancellationToken) =>
            TakeAsync(new TakenReply(User, text, workspaceId, messageId), isDeduplicated: false, cancellationToken);

        public Task DelegateTaskAsync(
            string peerId,
            string text,
            string sourceWorkspaceId,
            string messageId,
            CancellationToken cancellationToken
        ) => TakeAsync(new TakenReply(peerId, text, sourceWorkspaceId, messageId), isDeduplicated: true, cancellationToken);

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;

        private async Task TakeAsync(TakenReply reply, bool isDeduplicated, CancellationToken cancellationToken)
        {
            platform.Locked(() =>
            {
                platform._attempts.Add(reply);
                return 0;
            });
            await platform.BeforeReply(reply).WaitAsync(cancellationToken);
            lock (platform._gate)
            {
                if (platform.FailReply(reply) is { } failure)
                {
                    throw failure;
                }

                if (!isDeduplicated || platform._replies.TrueForAll(other => other.MessageId != reply.MessageId))
                {
                    platform._replies.Add(reply);
                }
            }
        }
    }
}
