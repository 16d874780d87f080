using System.Text;
using Plexum.Codex.Events;
using Plexum.Codex.Posix;
using Plexum.Codex.Turns;
using Xunit;

namespace Plexum.Codex.Exec.Output;

public sealed class TurnOutputSpecs
{
    [Fact]
    public void Lines_that_are_skipped_cost_no_allocation()
    {
        var mapper = new TurnMapper(TurnId.Parse("t"), AgentId.Parse("a"), null, null);
        using var output = new TurnOutput(mapper);
        var lines = Encoding.UTF8.GetBytes(
            string.Concat(
                Enumerable.Repeat(
                    """
                    {"type":"item.completed","item":{"id":"i","type":"future_item","text":"something \"quoted\""}}
                    {"type":"future.event","payload":[1,2,{"x":null}]}
                    {"type":"turn.started"}
                    {"type":"item.updated","item":{"id":"i","type":"agent_message","text":"so far"}}
                    plain text

                    """,
                    100
                )
            )
        );
        Push(output, lines);

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var round = 0; round < 100; round++)
        {
            Push(output, lines);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Equal(101 * 500, mapper.Progress.Counts.Lines);
    }

    [Fact]
    public void A_line_over_the_limit_is_a_notice_and_the_turn_goes_on()
    {
        var mapper = new TurnMapper(TurnId.Parse("t"), AgentId.Parse("a"), null, null);
        using var output = new TurnOutput(mapper, maxLineBytes: 1000);

        var first = Push(output, Encoding.UTF8.GetBytes("{\"type\":\"" + new string('x', 2000) + "\"}\n"));
        var second = Push(output, Encoding.UTF8.GetBytes(MapperRig.TurnCompleted + "\n"));

        var notice = Assert.IsType<CanonicalEvent.Notice>(Assert.Single(first.Events));
        Assert.Equal(NoticeCodes.LineTooLong, notice.Code);
        Assert.Contains("2011 bytes", notice.Message, StringComparison.Ordinal);
        Assert.True(second.Progress.IsCompleted);
    }

    [Fact]
    public async Task A_file_is_read_to_its_last_line_without_a_newline()
    {
        using var directory = new TemporaryDirectory();
        var path = directory.Write("stdout", MapperRig.ThreadStarted + "\r\n" + MapperRig.TurnCompleted);
        using var tail = new FileTail(path, TimeProvider.System);
        tail.Complete();
        var mapper = new TurnMapper(TurnId.Parse("t"), AgentId.Parse("a"), null, null);

        var batches = new List<EventBatch>();
        await foreach (var batch in TurnOutput.ReadAsync(tail, mapper))
        {
            batches.Add(batch);
        }

        Assert.Equal(MapperRig.Thread, batches[0].Progress.Thread);
        Assert.False(batches[0].Progress.IsCompleted);
        Assert.True(batches[^1].Progress.IsCompleted);
        Assert.Equal(new FileInfo(path).Length, batches[^1].Offset);
    }

    private static EventBatch Push(TurnOutput output, byte[] content)
    {
        content.CopyTo(output.GetMemory().Span);
        return output.Advance(content.Length);
    }
}
