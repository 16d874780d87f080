using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Plexum.Codex.Molecule.Direct.Http;
using Plexum.Codex.Molecule.Platform;

namespace Plexum.Codex.Molecule.Direct;

/// <summary>
/// The platform over HTTP, without molecule-mcp. Unlike molecule-mcp, it guarantees that a message is fetched again after a crash until it
/// was popped, and that a reply is delivered once however often it is sent.
/// </summary>
/// <remarks>
/// Every call makes one request and reports its result. Retries are up to the inbox, which pauses 1 to 60 seconds after a failed wait and
/// between the attempts of each reply. <see cref="PlatformBreaker"/> limits all requests together.
/// </remarks>
public sealed partial class DirectTransport : IMoleculePlatform
{
    private readonly DirectOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly PlatformLink _link;
    private readonly Activity _activity;
    private readonly Presence _presence;
    private readonly Replies _replies;
    private readonly CursorFile _cursor;
    private readonly InboxProgress _progress;
    private readonly Lock _lock = new();
    private readonly SemaphoreSlim _waiting = new(1, 1);
    private readonly SemaphoreSlim _saving = new(1, 1);
    private readonly Acknowledgement _acknowledgement;
    private string? _saved;
    private long? _polledAt;
    private bool _hasFailed;
    private WindowReading? _window;

    /// <param name="options">The workspace and the platform.</param>
    /// <param name="time">The clock.</param>
    /// <param name="log">The log for problems that no call reports.</param>
    public DirectTransport(DirectOptions options, TimeProvider? time = null, ILogger? log = null)
    {
        (_options, _time, _log) = (options, time ?? TimeProvider.System, log ?? NullLogger.Instance);
        _link = new PlatformLink(options, _time);
        _activity = new Activity(options, _link);
        _presence = new Presence(options, _link, _time, AtHand, _log);
        _replies = new Replies(options, _link, _activity);
        _acknowledgement = new Acknowledgement(options, _link);
        _cursor = new CursorFile(options.StateDirectory, options.WorkspaceId);
        _saved = _cursor.Load(out var problem);
        _progress = new InboxProgress(_saved);
        if (problem is not null)
        {
            LogCursor(problem, (int)options.FirstWindow.TotalSeconds);
        }
    }

    /// <summary>The number of requests waiting for an answer.</summary>
    public int CallsUnderWay => _link.CallsUnderWay;

    /// <inheritdoc/>
    public async Task<IReadOnlyList<InboundMessage>> WaitForMessagesAsync(TimeSpan timeout, CancellationToken cancellationToken)
    {
        await _waiting.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            var began = _time.GetTimestamp();
            while (await IsDueAsync(timeout - _time.GetElapsedTime(began), cancellationToken).ConfigureAwait(false))
            {
                var hadFailed = _hasFailed;
                var messages = await PollAsync(cancellationToken).ConfigureAwait(false);

                // After a failure, return at once: the caller considers the platform down until a wait succeeds.
                if (messages.Count > 0 || hadFailed || _time.GetElapsedTime(began) >= timeout)
                {
                    return messages;
                }
            }

            return [];
        }
        finally
        {
            _waiting.Release();
        }
    }

    /// <inheritdoc/>
    public Task PopAsync(string activityId, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            _progress.Settle(activityId);
        }

        return SaveAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public Task SendMessageToUserAsync(string workspaceId, string text, string messageId, CancellationToken cancellationToken) =>
        _replies.ShowAsync(workspaceId, text, messageId, cancellationToken);

    /// <inheritdoc/>
    public Task DelegateTaskAsync(
        string peerId,
        string text,
        string sourceWorkspaceId,
        string messageId,
        CancellationToken cancellationToken
    ) => _replies.SendAsync(peerId, text, sourceWorkspaceId, messageId, cancellationToken);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _presence.DisposeAsync().ConfigureAwait(false);
        _link.Dispose();
        _waiting.Dispose();
        _saving.Dispose();
    }

    private int AtHand()
    {
        lock (_lock)
        {
            return _progress.AtHand;
        }
    }

    // False if the time is up before the next poll is due.
    private async Task<bool> IsDueAsync(TimeSpan left, CancellationToken cancellationToken)
    {
        var due = _polledAt is { } last ? _options.PollInterval - _time.GetElapsedTime(last) : TimeSpan.Zero;
        if (due <= TimeSpan.Zero)
        {
            return true;
        }

        var wait = due < left ? due : left;
        if (wait > TimeSpan.Zero)
        {
            await Task.Delay(wait, _time, cancellationToken).ConfigureAwait(false);
        }

        return due <= left;
    }

    private async Task<IReadOnlyList<InboundMessage>> PollAsync(CancellationToken cancellationToken)
    {
        try
        {
            await _presence.EnsureAsync(cancellationToken).ConfigureAwait(false);
            var messages = await FetchAsync(cancellationToken).ConfigureAwait(false);
            Polled(worked: true);
            if (messages.Count == 0)
            {
                // Only without messages: cancelling an await here would lose them.
                await SaveOrSayAsync(cancellationToken).ConfigureAwait(false);
                await _acknowledgement.SendAsync(SettledSeq(), cancellationToken).ConfigureAwait(false);
            }

            return messages;
        }
        catch (PlatformException)
        {
            Polled(worked: false);
            throw;
        }
    }

    private void Polled(bool worked)
    {
        _hasFailed = !worked;
        _presence.Polled(worked);
    }

    private async Task<IReadOnlyList<InboundMessage>> FetchAsync(CancellationToken cancellationToken)
    {
        if (_progress.Position is { } position)
        {
            if (await _activity.BehindAsync(position, cancellationToken).ConfigureAwait(false) is var (rows, hasMore))
            {
                // After a full page the next wait fetches the rest at once.
                _polledAt = hasMore ? null : _time.GetTimestamp();
                return Take(rows);
            }

            LogForgotten((int)_options.FirstWindow.TotalSeconds);
            _progress.ForgetPosition();
        }

        _window ??= new WindowReading();
        var window = await _activity.WindowAsync(_options.FirstWindow, _window, cancellationToken).ConfigureAwait(false);
        _window = null;
        _polledAt = _time.GetTimestamp();
        return Take(window);
    }

    private IReadOnlyList<InboundMessage> Take(IReadOnlyList<InboxRow> rows)
    {
        lock (_lock)
        {
            return _progress.Take(rows);
        }
    }

    private long SettledSeq()
    {
        lock (_lock)
        {
            return _progress.SettledSeq;
        }
    }

    // Saves run one at a time; a caller that had to wait may find its row already saved.
    private async Task SaveAsync(CancellationToken cancellationToken)
    {
        await _saving.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            string? settled;
            lock (_lock)
            {
                settled = _progress.Settled;
            }

            if (settled is not null && settled != _saved)
            {
                cancellationToken.ThrowIfCancellationRequested();
                await FileWork.Run(() => _cursor.Save(settled)).ConfigureAwait(false);
                _saved = settled;
            }
        }
        finally
        {
            _saving.Release();
        }
    }

    private async Task SaveOrSayAsync(CancellationToken cancellationToken)
    {
        try
        {
            await SaveAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (PlatformUnavailableException e)
        {
            // Every pop tries again, and reports the failure.
            LogSaving(e.Message);
        }
    }

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "{Problem} Fetching the messages of the last {Seconds} seconds instead; those already answered are skipped."
    )]
    private partial void LogCursor(string problem, int seconds);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "The platform no longer has the inbox cursor's row; fetching the messages of the last {Seconds} seconds."
    )]
    private partial void LogForgotten(int seconds);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Problem}")]
    private partial void LogSaving(string problem);
}
