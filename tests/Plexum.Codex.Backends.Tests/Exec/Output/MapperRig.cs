using System.Collections.Immutable;
using System.Text;
using Plexum.Codex.Backend;
using Plexum.Codex.Events;
using Plexum.Codex.Json;
using Plexum.Codex.Processes;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Exec.Output;

/// <summary>A turn that is fed with lines as codex would write them.</summary>
internal sealed class MapperRig : IDisposable
{
    public static readonly ThreadId Thread = ThreadId.Parse("01a1fa61-01c1-7781-bfa1-609b5404abaf");
    public static readonly ThreadId OtherThread = ThreadId.Parse("01a1fa61-4e20-74d3-b29f-f069d25e80ed");
    public static readonly string ThreadStarted = $$"""{"type":"thread.started","thread_id":"{{Thread}}"}""";
    public static readonly string TurnCompleted =
        """{"type":"turn.completed","usage":{"input_tokens":100,"cached_input_tokens":40"""
        + ""","cache_write_input_tokens":0,"output_tokens":20,"reasoning_output_tokens":5}}""";

    private readonly TurnOutput _output;

    public MapperRig(ThreadId? resume = null, Usage? baseline = null, int maxLineBytes = JsonlFramer.DefaultMaxLineBytes)
    {
        Mapper = new TurnMapper(TurnId.Parse("turn-1"), AgentId.Parse("agent-1"), resume, baseline);
        _output = new TurnOutput(Mapper, maxLineBytes);
    }

    public TurnMapper Mapper { get; }

    public static ExecEnd Exit(int code = 0, string stderr = "", ExecEndCause cause = ExecEndCause.Exited) =>
        new(cause, new ProcessExit(code, null), stderr);

    public ImmutableArray<CanonicalEvent> Feed(params string[] lines) =>
        Feed(Encoding.UTF8.GetBytes(string.Concat(lines.Select(line => line + "\n"))));

    public ImmutableArray<CanonicalEvent> Feed(byte[] content)
    {
        var events = ImmutableArray.CreateBuilder<CanonicalEvent>();
        for (var at = 0; at < content.Length; )
        {
            var room = _output.GetMemory();
            var count = Math.Min(room.Length, content.Length - at);
            content.AsSpan(at, count).CopyTo(room.Span);
            events.AddRange(_output.Advance(count).Events);
            at += count;
        }

        return events.DrainToImmutable();
    }

    public ImmutableArray<CanonicalEvent> End(ExecEnd? end = null) =>
        [.. _output.Complete().Events, .. TurnSettlement.EventsOf(Finish(end), TimeSpan.FromSeconds(2))];

    /// <summary>The thread's total that is to be kept, once the turn has ended.</summary>
    public Usage? Total { get; private set; }

    private BackendEnd Finish(ExecEnd? end)
    {
        var finished = Mapper.Finish(end ?? Exit());
        Total = finished.Total;
        return finished;
    }

    public CanonicalEvent.MessageEnd EndOf(ExecEnd? end = null) => (CanonicalEvent.MessageEnd)End(end)[^1];

    public CanonicalEvent.Error ErrorOf(ExecEnd end) => End(end).OfType<CanonicalEvent.Error>().Single();

    public void Dispose() => _output.Dispose();
}
