using System.Collections.Immutable;
using System.Text;
using Plexum.Codex.Events;
using Plexum.Codex.Rollouts.Locating;
using Plexum.Codex.TestSupport.Rollouts;
using Plexum.Codex.Turns;
using Xunit;

namespace Plexum.Codex.Rollouts.Reading;

public sealed class TurnReadingSpecs : IDisposable
{
    private static readonly ThreadId Thread = ThreadId.Parse("019c2257-3a00-7000-8000-000000000001");

    private readonly TemporaryDirectory _directory = new();
    private readonly List<CanonicalEvent> _events = [];
    private bool _isFull;

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void A_line_over_the_limit_is_reported_and_the_calls_around_it_are_read()
    {
        var image =
            """{"timestamp":"t","type":"response_item","payload":{"type":"message","x":"""
            + $"\"{new string('x', RolloutScanner.MaxLineBytes)}\"}}}}";
        var path = _directory.Write("rollout", $"{Call("a")}\n{image}\n{Call("b")}\n");

        var findings = Read(path, resumed: null, mark: null);

        Assert.Equal(["a", "b"], _events.Cast<CanonicalEvent.ToolCall>().Select(call => call.Id));
        Assert.Equal([NoticeCodes.RolloutLineTooLong], findings.Notices.Select(notice => notice.Code));
    }

    [Fact]
    public void Calls_that_are_left_out_are_counted_in_a_notice()
    {
        var path = _directory.Write(
            "rollout",
            string.Concat(Enumerable.Range(0, CallIndex.MaxCalls + 2).Select(number => Call($"c{number}") + "\n"))
        );

        var findings = Read(path, resumed: null, mark: null);

        Assert.Equal(CallIndex.MaxCalls, _events.Count);
        Assert.StartsWith(
            "2 tool calls",
            findings.Notices.Single(notice => notice.Code == NoticeCodes.ToolCallsLeftOut).Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void A_resumed_thread_whose_end_was_not_noted_gives_no_calls_and_says_so()
    {
        var path = _directory.Write("rollout", Call("old") + "\n");

        var findings = Read(path, resumed: Thread, mark: null);

        Assert.Empty(_events);
        Assert.Equal(NoticeCodes.RolloutUnreadable, Assert.Single(findings.Notices).Code);
    }

    [Fact]
    public void A_thread_that_codex_switched_to_is_read_from_its_start()
    {
        var path = _directory.Write("rollout", Call("new") + "\n");

        Read(path, resumed: ThreadId.Parse("019c2257-3a00-7000-8000-00000000ffff"), mark: new RolloutMark("elsewhere", 5));

        Assert.Single(_events);
    }

    [Fact]
    public void A_link_in_place_of_the_rollout_is_not_followed()
    {
        var path = _directory.File("link");
        File.CreateSymbolicLink(path, _directory.Write("rollout", Call("a") + "\n"));

        var findings = Read(path, resumed: null, mark: null);

        Assert.Empty(_events);
        Assert.Contains("it is a link", Assert.Single(findings.Notices).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_rollout_that_codex_compressed_or_unpacked_since_it_was_found_is_read_once(bool packed)
    {
        Directory.CreateDirectory(_directory.File("sessions"));
        var name = $"sessions/rollout-2026-02-03T10-00-00-{Thread}.jsonl";
        var found = _directory.Write(name, Call("old") + "\n");
        var mark = new RolloutMark(found, new FileInfo(found).Length);
        File.AppendAllText(found, Call("own") + "\n");
        if (packed)
        {
            Zstd.PackFile(found);
        }
        else
        {
            found += ".zst";
        }

        var findings = Read(found, resumed: Thread, mark);

        Assert.Equal(["own"], _events.Cast<CanonicalEvent.ToolCall>().Select(call => call.Id));
        Assert.Empty(findings.Notices);
    }

    [Fact]
    public void A_thread_that_codex_continued_from_a_part_of_it_is_told()
    {
        var path = _directory.Write("rollout.jsonl", Call("old") + "\n");
        var mark = new RolloutMark(path, new FileInfo(path).Length);
        File.AppendAllText(path, Call("own") + "\n");
        File.WriteAllBytes(path + ".zst", Zstd.Pack(Encoding.UTF8.GetBytes(Call("old") + "\n" + Call("lost") + "\n")));

        var findings = Read(path, resumed: Thread, mark);

        Assert.Equal([NoticeCodes.RolloutPartial], findings.Notices.Select(notice => notice.Code));
        Assert.Equal(["own"], _events.Cast<CanonicalEvent.ToolCall>().Select(call => call.Id));

        // Codex compresses before it deletes, and a damaged copy is none.
        File.WriteAllBytes(path + ".zst", Zstd.Pack(Encoding.UTF8.GetBytes(Call("old") + "\n")));
        Assert.Empty(Read(path, resumed: Thread, mark).Notices);
        File.WriteAllText(path + ".zst", "whatever");
        Assert.Empty(Read(path, resumed: Thread, mark).Notices);
    }

    [Fact]
    public void A_rollout_that_is_gone_since_it_was_found_is_reported()
    {
        var findings = Read(_directory.File("gone"), resumed: null, mark: null);

        Assert.Contains("it is gone", Assert.Single(findings.Notices).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_torn_record_that_codex_wrote_again_is_told_once()
    {
        var path = _directory.Write("rollout", $"{Call("a")[..60]}\n{Call("a")}\n{Call("b")[..60]}");

        var findings = Read(path, resumed: null, mark: null);

        Assert.Equal(["a"], _events.Cast<CanonicalEvent.ToolCall>().Select(call => call.Id));
        Assert.Empty(findings.Notices);
    }

    [Fact]
    public void A_total_before_the_turn_that_is_unknown_costs_nothing_else_of_the_reading()
    {
        var head = $"{{\"timestamp\":\"t\",\"type\":\"session_meta\",\"payload\":\"{new string('x', 5_000_000)}\"}}\n";
        var path = _directory.Write("rollout", head);
        var mark = new RolloutMark(path, new FileInfo(path).Length);
        File.AppendAllText(path, Call("own") + "\n");

        var findings = Read(path, resumed: Thread, mark);

        Assert.Null(findings.TotalBefore);
        Assert.Empty(findings.Notices);
        Assert.NotNull(findings.Messages);
        Assert.Equal(["own"], _events.Cast<CanonicalEvent.ToolCall>().Select(call => call.Id));
    }

    [Fact]
    public void Of_several_turns_only_the_one_that_is_asked_for_is_read()
    {
        string[] turns = ["t1", "t2"];
        var path = _directory.Write("rollout", string.Concat(turns.Select(turn => $"{Started(turn)}\n{Call(turn)}\n{Ended(turn)}\n")));

        var all = Read(path, resumed: null, mark: null);
        _events.Clear();
        var first = Read(path, resumed: null, mark: null, "t1");

        Assert.Null(all.Messages);
        Assert.Equal("said in t1", first.Messages?.End?.Answer);
        Assert.Equal("t1", Assert.IsType<CanonicalEvent.ToolCall>(Assert.Single(_events)).Id);
    }

    [Fact]
    public void Calls_that_the_log_does_not_take_cost_no_tokens_and_are_not_the_rollout_s_fault()
    {
        const string Tokens =
            """{"timestamp":"t","type":"event_msg","payload":{"type":"token_count","info":"""
            + """{"total_token_usage":{"input_tokens":100,"output_tokens":20}}}}""";
        var path = _directory.Write("rollout", $"{Call("a")}\n{Tokens}\n");
        _isFull = true;

        var findings = Read(path, resumed: null, mark: null);

        Assert.Equal((100, 20), (findings.Total!.Value.InputTokens, findings.Total.Value.OutputTokens));
        var notice = Assert.Single(findings.Notices);
        Assert.Equal(NoticeCodes.ToolCallsLeftOut, notice.Code);
        Assert.DoesNotContain(path, notice.Message, StringComparison.Ordinal);
        Assert.EndsWith("The disk is full.", notice.Message, StringComparison.Ordinal);
    }

    private static string Call(string id) =>
        """{"timestamp":"t","type":"response_item","payload":{"type":"function_call","name":"f","arguments":"{}","call_id":"""
        + $"\"{id}\"}}}}";

    private static string Started(string turn) => Event("task_started", turn, "\"started_at\":1");

    private static string Ended(string turn) => Event("task_complete", turn, $"\"last_agent_message\":\"said in {turn}\"");

    private static string Event(string type, string turn, string more) =>
        $"{{\"timestamp\":\"t\",\"ordinal\":1,\"type\":\"event_msg\",\"payload\":{{\"type\":\"{type}\",\"turn_id\":\"{turn}\",{more}}}}}";

    private RolloutFindings Read(string path, ThreadId? resumed, RolloutMark? mark, string? turn = null)
    {
        var limits = new RolloutLimits();
        var finder = new RolloutFinder(_directory.Root, TimeProvider.System);
        return new TurnReading(limits, new RolloutOpener(finder, _directory.Root, limits))
            .ReadAsync(new RolloutFile(path, 0), Thread, resumed, mark, [], TakeAsync, turn)
            .WithinLimit()
            .GetAwaiter()
            .GetResult();
    }

    private Task TakeAsync(ImmutableArray<CanonicalEvent> events)
    {
        if (_isFull)
        {
            throw new IOException("The disk is full.");
        }

        _events.AddRange(events);
        return Task.CompletedTask;
    }
}
