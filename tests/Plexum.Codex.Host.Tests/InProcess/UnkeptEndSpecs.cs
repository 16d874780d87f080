using System.Reflection;
using Plexum.Codex.Events;
using Plexum.Codex.Gateway;
using Plexum.Codex.Ledger;
using Plexum.Codex.Requests;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Host.InProcess;

/// <summary>A turn of a command whose end can be written neither to its log nor to the ledger.</summary>
public sealed class UnkeptEndSpecs
{
    [Fact]
    public async Task Its_reader_is_told_why_it_waits_and_the_first_cancel_ends_the_wait()
    {
        await using var stage = new DaemonStage(
            "thread",
            "turn",
            "say begin",
            "touch ${cwd}/../ready",
            "wait ${cwd}/../go",
            "completed 100 10"
        );
        var ledger = DispatchProxy.Create<ITurnLedger, FullLedger>();
        var full = (FullLedger)(object)ledger;
        await using var system = await CodexSystem.StartAsync(stage.Settings, ledger);
        var alice = AgentId.Parse("alice");
        var submission = await system.SubmitAsync(new TurnRequest(alice, null, null, [TurnMessage.User("hello")]));
        var turn = Assert.IsType<Submission.Accepted>(submission).TurnId;
        var told = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        var reading = ReadAsync(system, turn, told);
        var (log, place) = (system.EventsFile(alice, turn), Path.Combine(stage.Profile.Agents, "alice"));
        await Limits.UntilAsync(() => File.Exists(Path.Combine(place, "ready")) && File.ReadAllLines(log).Length == 2);

        full.IsFull = true;
        FullDisk.Fill(log);
        await File.WriteAllTextAsync(Path.Combine(place, "go"), "");

        Assert.Contains(turn.Value, await told.Task.WithinLimit(), StringComparison.Ordinal);
        Assert.False(reading.IsCompleted);
        system.CancelAll(force: false);
        var events = await reading.WithinLimit();
        Assert.Equal("log_unwritable", Assert.IsType<CanonicalEvent.Error>(events[^2]).Code);
        Assert.Equal(StopReason.Error, Assert.IsType<CanonicalEvent.MessageEnd>(events[^1]).StopReason);
        full.Empty();
    }

    private static async Task<List<CanonicalEvent>> ReadAsync(CodexSystem system, TurnId turn, TaskCompletionSource<string> told)
    {
        var events = new List<CanonicalEvent>();
        await foreach (var line in system.ReadAsync(turn, told.SetResult))
        {
            Assert.True(CanonicalJsonReader.TryRead(line.Json, out _, out var value));
            events.Add(value);
        }

        return events;
    }

    /// <summary>A ledger that takes notes and, while its disk is full, writes none.</summary>
    public class FullLedger : DispatchProxy
    {
        private readonly TaskCompletionSource _written = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private volatile Action? _end;

        public bool IsFull { get; set; }

        private ITurnLedger Ledger { get; } = new InMemoryLedger();

        public void Empty()
        {
            IsFull = false;
            _end?.Invoke();
            _written.TrySetResult();
        }

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
        {
            switch (targetMethod!.Name)
            {
                case nameof(ITurnLedger.FlushAsync) when IsFull:
                    return _written.Task.WaitAsync((CancellationToken)args![0]!);
                case nameof(ITurnLedger.Ended) when IsFull:
                    _end = () => targetMethod.Invoke(Ledger, args);
                    return null;
                default:
                    return targetMethod.Invoke(Ledger, args);
            }
        }
    }
}
