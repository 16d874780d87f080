using Plexum.Codex.Processes;

namespace Plexum.Codex.AppServer.Running;

/// <summary>How a server is ended of which something cannot be signalled.</summary>
public sealed class ServerEndSpecs
{
    private static readonly TimeSpan Grace = TimeSpan.FromMilliseconds(1);

    private readonly TaskCompletionSource _exited = new();
    private readonly List<ProcessSignal> _sent = [];

    [Fact]
    public async Task A_signal_that_does_not_reach_all_of_it_is_followed_by_stronger_ones()
    {
        await EndAsync(signal =>
        {
            if (signal == ProcessSignal.Kill)
            {
                _exited.SetResult();
            }

            throw new CodexException("A part of it is another user's.");
        });

        Assert.Equal([ProcessSignal.Terminate, ProcessSignal.Terminate, ProcessSignal.Kill], _sent);
    }

    [Fact]
    public async Task What_still_runs_because_no_signal_reaches_it_is_told()
    {
        var fault = await Assert.ThrowsAsync<CodexException>(() =>
            EndAsync(_ => throw new CodexException("A part of it is another user's."))
        );

        Assert.Equal("A part of it is another user's.", fault.Message);
        Assert.Equal(3, _sent.Count);
    }

    private Task EndAsync(Action<ProcessSignal> then) =>
        ServerProcess
            .EndAsync(
                signal =>
                {
                    _sent.Add(signal);
                    then(signal);
                },
                _exited.Task,
                hasTurns: true,
                Grace,
                TimeProvider.System
            )
            .WithinLimit();
}
