using Plexum.Codex.Events;
using Plexum.Codex.Host.InProcess;
using Plexum.Codex.Turns;

namespace Plexum.Codex.EndToEnd;

/// <summary>A turn under way, read from its log.</summary>
internal sealed class RunningTurn(TurnSubmission submission)
{
    public TurnId Id => submission.TurnId;

    public void Cancel(bool force = false) => submission.Cancel(force);

    /// <summary>The first event, past or to come, that is wanted.</summary>
    public async Task<T> FirstAsync<T>(Func<T, bool> wanted)
        where T : CanonicalEvent
    {
        using var limit = new CancellationTokenSource(Limits.Wait);
        Assert.Null(await submission.Refusal.WithinLimit());
        await foreach (var line in submission.ReadAsync(limit.Token))
        {
            if (CanonicalJsonReader.TryRead(line.Json, out _, out var value) && value is T found && wanted(found))
            {
                return found;
            }
        }

        throw new InvalidOperationException($"The turn ended without the {typeof(T).Name} that was waited for; its log is {File.ReadAllText(submission.EventsFile)}");
    }

    public Task<CanonicalEvent.Notice> NoticeAsync(string code) => FirstAsync<CanonicalEvent.Notice>(notice => notice.Code == code);

    public async Task<FinishedTurn> EndAsync()
    {
        Assert.Null(await submission.Refusal.WithinLimit());
        using var limit = new CancellationTokenSource(Limits.Wait);
        var events = new List<CanonicalEvent>();
        await foreach (var line in submission.ReadAsync(limit.Token))
        {
            Assert.True(CanonicalJsonReader.TryRead(line.Json, out var seq, out var value));
            events.Add(value);
            Assert.Equal(events.Count, seq);
        }

        var ended = await submission.Ended.WithinLimit();
        Assert.Null(ended.Unrecorded);
        var finished = new FinishedTurn(Id, events);
        Assert.Equal(ended.StopReason, finished.End.StopReason);
        return finished;
    }

    /// <summary>Makes sure that it is over.</summary>
    public async Task AbandonAsync()
    {
        if (await submission.Refusal.WithinLimit() is null && !submission.Ended.IsCompleted)
        {
            submission.Cancel(force: true);
            await submission.Ended.WithinLimit();
        }
    }
}
