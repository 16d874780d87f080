using Akka.Streams;
using Akka.Streams.Dsl;
using Akka.TestKit.Xunit2;
using Plexum.Codex.Events;
using Plexum.Codex.Files;
using Plexum.Codex.Posix;
using Plexum.Codex.Turns;
using Xunit;

namespace Plexum.Codex.Exec.Output;

public sealed class TurnGraphSpecs() : TestKit(TestSystem.Config)
{
    private readonly TemporaryDirectory _directory = new();
    private readonly TurnMapper _mapper = new(TurnId.Parse("t"), AgentId.Parse("a"), null, null);

    [Fact]
    public async Task A_turns_output_streams_into_its_log_while_it_grows()
    {
        var stdout = _directory.Write("stdout", "");
        using var tail = new FileTail(stdout, TimeProvider.System);
        using var log = TurnLog.Open(_directory.File("events.jsonl"));
        log.Append([_mapper.Start()]);
        var batches = TurnGraph
            .Create(tail, _mapper, batch => Keep(() => log.Append(batch.Events)))
            .RunWith(Sink.Seq<EventBatch>(), Sys.Materializer());

        await using var reader = TurnLogLines.FollowAsync(_directory.File("events.jsonl"), TimeProvider.System, 1).GetAsyncEnumerator();
        var waiting = reader.MoveNextAsync().AsTask();
        const string Message = """{"type":"item.completed","item":{"id":"i","type":"agent_message","text":"one"}}""";
        await File.AppendAllTextAsync(stdout, MapperRig.ThreadStarted + "\n" + Message + "\n");
        Assert.True(await waiting.WithinLimit());
        await File.AppendAllTextAsync(stdout, MapperRig.TurnCompleted);
        tail.Complete();

        var last = (await batches.WithinLimit())[^1];
        Assert.Equal((2, true, MapperRig.Thread), (log.LastSeq, last.Progress.IsCompleted, last.Progress.Thread));
        Assert.Equal("""{"seq":2,"type":"text_delta","text":"one"}""", File.ReadAllLines(_directory.File("events.jsonl"))[1]);
    }

    [Fact]
    public async Task A_stream_that_is_cancelled_stops_waiting_for_output()
    {
        using var tail = new FileTail(_directory.Write("stdout", "{}\n"), TimeProvider.System);
        using var log = TurnLog.Open(_directory.File("events.jsonl"));

        var first = await TurnGraph
            .Create(tail, _mapper, batch => Keep(() => log.Append(batch.Events)))
            .RunWith(Sink.First<EventBatch>(), Sys.Materializer())
            .WithinLimit();

        Assert.Equal(1, first.Progress.Counts.UnreadableLines);
    }

    [Fact]
    public async Task Demand_is_what_reads_the_file()
    {
        var line = $$$"""{"type":"item.completed","item":{"id":"i","type":"agent_message","text":"{{{new string('x', 1000)}}}"}}""" + "\n";
        using var tail = new FileTail(_directory.Write("stdout", string.Concat(Enumerable.Repeat(line, 5000))), TimeProvider.System);
        tail.Complete();
        using var log = TurnLog.Open(_directory.File("events.jsonl"));

        var taken = await TurnGraph
            .Create(tail, _mapper, batch => Keep(() => log.Append(batch.Events)))
            .Take(2)
            .RunWith(Sink.Seq<EventBatch>(), Sys.Materializer())
            .WithinLimit();

        Assert.Equal(2, taken.Count);
        Assert.InRange(log.LastSeq, 1, 2500);
    }

    /// <summary>
    /// Akka's SelectAsync has completed streams early when tasks ended on other threads; what a turn's stream is made of must not.
    /// </summary>
    [Fact]
    public async Task No_read_is_lost_when_reads_end_on_other_threads()
    {
        const int Turns = 32;
        const int Lines = 60;
        var materializer = Sys.Materializer();

        var events = await Task.WhenAll(Enumerable.Range(0, Turns).Select(turn => Task.Run(() => StreamAsync(turn)))).WithinLimit();

        Assert.All(events, texts => Assert.Equal(Enumerable.Range(0, Lines).Select(line => $"{line}"), texts));

        async Task<List<string>> StreamAsync(int turn)
        {
            var stdout = _directory.Write($"stdout-{turn}", "");
            using var tail = new FileTail(stdout, TimeProvider.System);
            var told = new List<string>();
            var mapper = new TurnMapper(TurnId.Parse($"t{turn}"), AgentId.Parse("a"), null, null);
            var end = TurnGraph
                .Create(tail, mapper, batch =>
                    Keep(() => told.AddRange(batch.Events.OfType<CanonicalEvent.TextDelta>().Select(e => e.Text)))
                )
                .RunWith(Sink.Ignore<EventBatch>(), materializer);
            for (var line = 0; line < Lines; line++)
            {
                await File.AppendAllTextAsync(
                    stdout,
                    $$$"""{"type":"item.completed","item":{"id":"i{{{line}}}","type":"agent_message","text":"{{{line}}}"}}""" + "\n"
                );
                await Task.Yield();
            }

            tail.Complete();
            await end;
            return told;
        }
    }

    private static Task Keep(Action write) => Task.Run(write);

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        _directory.Dispose();
    }
}
