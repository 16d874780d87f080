using System.Globalization;
using System.Text;
using Plexum.Codex.Client;
using Plexum.Codex.Gateway;
using Plexum.Codex.Profiles;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Host.Api;

public sealed class EventStreamSpecs() : DaemonTest("thread", "turn", "say ${prompt}", "completed 1 1")
{
    [Fact]
    public async Task E2_A_reader_that_comes_back_with_its_last_number_gets_each_event_once_and_in_order()
    {
        Stage.Codex.Script(
            "thread",
            "turn",
            "flood 200 {\"type\":\"item.completed\",\"item\":{\"id\":\"i${n}\",\"type\":\"agent_message\",\"text\":\"text ${n}\"}}",
            "completed 1 1"
        );
        await Stage.StartHostAsync();
        var turn = await Stage.Api.SubmitAsync("x");
        var whole = await Stage.Api.EventsAsync(turn);
        Assert.Equal(202, whole.Count);

        var random = new Random(7);
        var seen = new List<SseEvent>();
        while (seen.Count == 0 || seen[^1].Type != "message_end")
        {
            var part = await Stage.Api.EventsAsync(turn, seen.Count == 0 ? null : long.Parse(seen[^1].Id, CultureInfo.InvariantCulture));
            seen.AddRange(part.Take(random.Next(1, 40)));
        }

        Assert.Equal(whole, seen);
    }

    [Theory]
    [InlineData("?from=2", "2,3")]
    [InlineData("?from=1", "1,2,3")]
    [InlineData("", "1,2,3")]
    public async Task A_reader_may_begin_anywhere(string query, string ids)
    {
        await Stage.StartHostAsync();
        var turn = await Stage.Api.SubmitAsync("x");
        await Stage.Api.EventsAsync(turn);

        var events = await ReadAsync($"/v1/turns/{turn}/events{query}");

        Assert.Equal(ids, string.Join(',', events.Select(e => e.Id)));
    }

    [Fact]
    public async Task The_header_of_a_reader_that_comes_back_is_understood_in_each_form_and_never_guessed()
    {
        await Stage.StartHostAsync();
        var turn = await Stage.Api.SubmitAsync("x");
        await Stage.Api.EventsAsync(turn);
        await Stage.Host.Context.Ledger.FlushAsync();
        var forms = new (string? Header, string Query, string Ids)[]
        {
            (null, "", "1,2,3"),
            ("", "", "1,2,3"),
            ("", "?from=3", "3"),
            ("0", "", "1,2,3"),
            ("1", "", "2,3"),
            (" 2 ", "", "3"),
            ("002", "", "3"),
            ("2", "?from=1", "3"),
            ("3", "", ""),
            ("4", "", ""),
            ("9223372036854775807", "", ""),
        };

        foreach (var (header, query, ids) in forms)
        {
            var answer = await EventsAfterAsync(turn + "/events" + query, header);
            Assert.Equal((header, ids.Length == 0 ? 204 : 200), (header, answer.Status));
            var events = await SseEvent.ReadAsync(new MemoryStream(Encoding.UTF8.GetBytes(answer.Body)));
            Assert.Equal((header, ids), (header, string.Join(',', events.Select(e => e.Id))));
        }

        foreach (var header in new[] { "-1", "+1", "1.5", "1e0", "0x1", "x", "\"2\"", "1 2", "1,2", "9223372036854775808" })
        {
            (await EventsAfterAsync(turn + "/events", header)).Problem(400, "bad_last_event_id");
        }
    }

    [Fact]
    public async Task The_client_reads_a_log_whose_messages_were_joined_to_its_end()
    {
        await Stage.StartHostAsync();
        var turn = await Stage.Api.SubmitAsync("x");
        await Stage.Api.EventsAsync(turn);
        await Stage.Host.Context.Ledger.FlushAsync();
        var log = Stage.Host.Context.EventsFile(AgentId.Parse("alice"), TurnId.Parse(turn));
        var joined = File.ReadAllLines(log);
        joined[1] = joined[1].Replace("\"seq\":2", "\"seq\":7", StringComparison.Ordinal);
        joined[2] = joined[2].Replace("\"seq\":3", "\"seq\":8", StringComparison.Ordinal);
        File.WriteAllLines(log, joined);
        using var client = new DaemonClient(Stage.Settings.Api.Socket, TimeProvider.System, Limits.Wait);
        await using var events = client.Read(TurnId.Parse(turn));

        var read = new List<long>();
        while (await events.NextAsync(CancellationToken.None).AsTask().WithinLimit() is { } line)
        {
            read.Add(line.Seq);
        }

        Assert.Equal([1, 7, 8], read);
    }

    [Fact]
    public async Task A_reader_that_has_the_end_is_told_that_nothing_more_comes()
    {
        await Stage.StartHostAsync();
        var turn = await Stage.Api.SubmitAsync("x");
        var last = (await Stage.Api.EventsAsync(turn))[^1].Id;
        await Stage.Host.Context.Ledger.FlushAsync();

        await HasEverythingAsync(turn, long.Parse(last, CultureInfo.InvariantCulture));
    }

    [Fact]
    public async Task Events_that_were_removed_are_gone_and_the_turn_is_still_known()
    {
        await Stage.StartHostAsync();
        var turn = await Stage.Api.SubmitAsync("x");
        await Stage.Api.EventsAsync(turn);
        await Stage.Host.Context.Ledger.FlushAsync();

        await Stage.Host.Context.Ledger.NoteFilesRemovedAsync([TurnId.Parse(turn)]);

        (await Stage.Api.GetAsync($"/v1/turns/{turn}/events")).Problem(410, "turn_files_removed");
        Assert.False((bool)(await Stage.Api.GetAsync($"/v1/turns/{turn}")).Json["events_kept"]!);
    }

    [Fact]
    public async Task A_reader_that_waits_hears_of_the_daemon_every_15_seconds()
    {
        var time = new ManualTime();
        using var heartbeat = new Heartbeat(time, TurnEventStream.Beat);
        var underWay = new TaskCompletionSource();

        var first = heartbeat.BeatsBeforeAsync(underWay.Task).AsTask();
        time.Advance(TimeSpan.FromSeconds(15) - TimeSpan.FromMilliseconds(1));
        Assert.False(first.IsCompleted);
        time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.True(await first);
        var second = heartbeat.BeatsBeforeAsync(underWay.Task).AsTask();
        underWay.SetResult();

        Assert.False(await second);
        Assert.False(await heartbeat.BeatsBeforeAsync(underWay.Task));
    }

    [Fact]
    public async Task D1_A_reader_of_a_turn_that_waits_gets_all_of_it_once_it_runs()
    {
        Stage.Codex.Script(
            "touch " + Stage.Codex.File("ready"),
            "wait " + Stage.Codex.File("go"),
            "thread",
            "turn",
            "say ${prompt}",
            "completed 1 1"
        );
        await Stage.StartHostAsync();
        await Stage.Api.SubmitAsync("1");
        await Stage.Codex.AppearsAsync("ready");
        var waiting = await Stage.Api.SubmitAsync("2");

        var reading = Stage.Api.EventsAsync(waiting);
        await Limits.UntilAsync(() => Stage.Host.Context.Readers == 1);
        Stage.Codex.Touch("go");

        Assert.Equal(["message_start", "text_delta", "message_end"], (await reading).Select(e => e.Type));
        await Limits.UntilAsync(() => Stage.Host.Context.Readers == 0);
    }

    [Fact]
    public async Task A_reader_of_a_turn_that_is_taken_out_of_the_queue_gets_its_end()
    {
        Stage.Codex.Script("touch " + Stage.Codex.File("ready"), "hang");
        await Stage.StartHostAsync();
        await Stage.Api.SubmitAsync("1");
        await Stage.Codex.AppearsAsync("ready");
        var waiting = await Stage.Api.SubmitAsync("2");
        var reading = Stage.Api.EventsAsync(waiting);
        await Limits.UntilAsync(() => Stage.Host.Context.Readers == 1);

        await Stage.Api.PostAsync($"/v1/turns/{waiting}/cancel");

        Assert.Equal("cancelled", (string)(await reading)[^1].Json["stop_reason"]!);
    }

    [Fact]
    public async Task D3_A_turn_of_which_nothing_could_be_written_has_an_error_and_an_end()
    {
        await Stage.StartHostAsync();
        var agent = new AgentDirectory(Stage.Profile.Root, AgentId.Parse("alice"));
        Directory.CreateDirectory(agent.Root);
        File.WriteAllText(agent.Turns, "in the way");

        var turn = await Stage.Api.SubmitAsync("x");
        var events = await Stage.Api.EventsAsync(turn);

        Assert.Equal(["error", "message_end"], events.Select(e => e.Type));
        Assert.Equal(["1", "2"], events.Select(e => e.Id));
        await HasEverythingAsync(turn, 2);
        Assert.Equal("workspace", (string)events[0].Json["class"]!);
        Assert.Equal("error", (string)events[1].Json["stop_reason"]!);
    }

    [Fact]
    public async Task E4_A_log_without_an_end_of_a_turn_that_is_over_is_ended_from_the_ledger()
    {
        await Stage.StartHostAsync();
        var turn = await Stage.Api.SubmitAsync("x");
        var whole = await Stage.Api.EventsAsync(turn);
        await Stage.Host.Context.Ledger.FlushAsync();
        var log = Stage.Host.Context.EventsFile(AgentId.Parse("alice"), TurnId.Parse(turn));
        File.WriteAllLines(log, File.ReadAllLines(log)[..^1]);

        var events = await Stage.Api.EventsAsync(turn);
        var rest = await Stage.Api.EventsAsync(turn, 2);

        Assert.Equal(whole.Select(e => (e.Id, e.Type)), events.Select(e => (e.Id, e.Type)));
        Assert.Equal("end_turn", (string)events[^1].Json["stop_reason"]!);
        Assert.Equal(["3"], rest.Select(e => e.Id));
        await HasEverythingAsync(turn, 3);
        await HasEverythingAsync(turn, 4);
    }

    [Fact]
    public async Task An_event_that_is_larger_than_every_buffer_comes_whole()
    {
        Stage.Codex.Script("thread", "turn", "long 3000000", "say after", "completed 1 1");
        await Stage.StartHostAsync();

        var events = await Stage.Api.EventsAsync(await Stage.Api.SubmitAsync("x"));

        Assert.True(((string)events[1].Json["text"]!).Length > 2_900_000);
        Assert.Equal("after", (string)events[2].Json["text"]!);
    }

    [Fact]
    public async Task A_thousand_readers_of_one_turn_get_all_of_it()
    {
        Stage.Codex.Script(
            "thread",
            "turn",
            "say begin",
            "touch " + Stage.Codex.File("ready"),
            "wait " + Stage.Codex.File("go"),
            "flood 20 {\"type\":\"item.completed\",\"item\":{\"id\":\"i${n}\",\"type\":\"agent_message\",\"text\":\"text ${n}\"}}",
            "completed 1 1"
        );
        await Stage.StartHostAsync();
        var turn = await Stage.Api.SubmitAsync("x");
        await Stage.Codex.AppearsAsync("ready");

        var readers = Enumerable.Range(0, 1000).Select(_ => Stage.Api.EventsAsync(turn)).ToArray();
        await Limits.UntilAsync(() => Stage.Host.Context.Readers == 1000 || readers.Any(reader => reader.IsCompleted));
        await Task.WhenAll(readers.Where(reader => reader.IsCompleted));
        Stage.Codex.Touch("go");
        var all = await Task.WhenAll(readers).WithinLimit();

        Assert.Equal(23, all[0].Count);
        Assert.All(all, events => Assert.Equal(all[0], events));
    }

    [Fact]
    public async Task A_client_that_goes_ends_its_stream()
    {
        Stage.Codex.Script("touch " + Stage.Codex.File("ready"), "hang");
        await Stage.StartHostAsync();
        var turn = await Stage.Api.SubmitAsync("1");
        await Stage.Codex.AppearsAsync("ready");
        using (var response = await Stage.Api.OpenAsync($"/v1/turns/{turn}/events"))
        {
            await using var events = SseEvent.FollowAsync(await response.Content.ReadAsStreamAsync()).GetAsyncEnumerator();
            Assert.True(await events.MoveNextAsync());
            Assert.Equal(1, Stage.Host.Context.Readers);
        }

        await Limits.UntilAsync(() => Stage.Host.Context.Readers == 0);
    }

    [Fact]
    public async Task D2_A_stop_of_the_daemon_ends_streams_behind_whole_events_and_they_are_resumed_at_the_next_one()
    {
        Stage.Codex.Script(
            "thread",
            "turn",
            "say one",
            "touch " + Stage.Codex.File("ready"),
            "wait " + Stage.Codex.File("go"),
            "say two",
            "completed 1 1"
        );
        await Stage.StartHostAsync();
        var turn = await Stage.Api.SubmitAsync("x");
        using var response = await Stage.Api.OpenAsync($"/v1/turns/{turn}/events");
        await Stage.Codex.AppearsAsync("ready");
        await Limits.UntilAsync(() =>
            File.ReadAllLines(Stage.Host.Context.EventsFile(AgentId.Parse("alice"), TurnId.Parse(turn))).Length == 2
        );

        await Stage.StopHostAsync();
        var first = await SseEvent.ReadAsync(await response.Content.ReadAsStreamAsync());
        Stage.Codex.Touch("go");
        await Stage.StartHostAsync();
        var rest = await Stage.Api.EventsAsync(turn, first.Count);

        Assert.DoesNotContain("message_end", first.Select(e => e.Type));
        Assert.Equal(Enumerable.Range(1, 4).Select(id => id.ToString(CultureInfo.InvariantCulture)), first.Concat(rest).Select(e => e.Id));
        Assert.Equal(["message_start", "text_delta", "text_delta", "message_end"], first.Concat(rest).Select(e => e.Type));
        Assert.Single(Stage.Codex.Calls, call => call.Argv is ["exec", ..]);
    }

    private Task<ApiAnswer> EventsAfterAsync(string path, string? header) => Stage.Api.GetAsync("/v1/turns/" + path, request =>
        {
            if (header is not null)
            {
                request.Headers.TryAddWithoutValidation("Last-Event-ID", header);
            }
        });

    private async Task HasEverythingAsync(string turn, long after)
    {
        var id = after.ToString(CultureInfo.InvariantCulture);
        var answer = await Stage.Api.GetAsync($"/v1/turns/{turn}/events", request => request.Headers.Add("Last-Event-ID", id));
        Assert.Equal((204, ""), (answer.Status, answer.Body));
    }

    private async Task<List<SseEvent>> ReadAsync(string path)
    {
        using var response = await Stage.Api.OpenAsync(path);
        return await SseEvent.ReadAsync(await response.Content.ReadAsStreamAsync());
    }
}
