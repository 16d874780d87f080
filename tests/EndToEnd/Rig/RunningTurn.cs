using Plexum.Codex.Events;
using Plexum.Codex.Gateway;
using Plexum.Codex.Host.InProcess;
using Plexum.Codex.Options;
using Plexum.Codex.Turns;

namespace Plexum.Codex.EndToEnd.Rig;

/// <summary>A turn under way, followed as any surface follows it.</summary>
internal sealed class RunningTurn(CodexSystem system, AgentId agent, BackendKind backend, Task<Submission> submission)
{
    public TurnId Id => Assert.IsType<Submission.Accepted>(submission.GetAwaiter().GetResult()).TurnId;

    public void Cancel(bool force = false) => _ = system.Gateway.CancelAsync(Id, force);

    /// <summary>The first event, past or to come, that is wanted.</summary>
    public async Task<T> FirstAsync<T>(Func<T, bool> wanted)
        where T : CanonicalEvent
    {
        using var limit = new CancellationTokenSource(Limits.Wait);
        Assert.Null((await submission.WithinLimit()).Problem);
        await foreach (var line in system.Gateway.ReadAsync(Id, 0, limit.Token))
        {
            if (CanonicalJsonReader.TryRead(line.Json, out _, out var value) && value is T found && wanted(found))
            {
                return found;
            }
        }

        var log = File.ReadAllText(system.EventsFile(agent, Id));
        throw new InvalidOperationException($"The turn ended without the {typeof(T).Name} that was waited for; its log is {log}");
    }

    public Task<CanonicalEvent.Notice> NoticeAsync(string code) => FirstAsync<CanonicalEvent.Notice>(notice => notice.Code == code);

    public async Task<FinishedTurn> EndAsync()
    {
        Assert.Null((await submission.WithinLimit()).Problem);
        using var limit = new CancellationTokenSource(Limits.Wait);
        var events = new List<CanonicalEvent>();
        await foreach (var line in system.Gateway.ReadAsync(Id, 0, limit.Token))
        {
            Assert.True(CanonicalJsonReader.TryRead(line.Json, out var seq, out var value));
            events.Add(value);
            Assert.Equal(events.Count, seq);
        }

        var ended = Assert.IsType<Plexum.Codex.Gateway.FinishedTurn>(await system.Gateway.FinishAsync(Id).WithinLimit());
        Assert.True(ended.IsLogWhole);
        var finished = new FinishedTurn(Id, events);
        Assert.Equal(ended.StopReason, finished.End.StopReason);
        Assert.Equal(backend, finished.Start.Backend);
        return finished;
    }

    /// <summary>Makes sure that it is over.</summary>
    public async Task AbandonAsync()
    {
        if ((await submission.WithinLimit()).Problem is null)
        {
            await system.Gateway.CancelAsync(Id, force: true);
            await system.AwaitEndAsync(Id).WithinLimit();
        }
    }
}
