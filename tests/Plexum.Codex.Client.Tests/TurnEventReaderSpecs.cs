using Plexum.Codex.Logs;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Client;

public sealed class TurnEventReaderSpecs
{
    private static readonly TurnId Turn = TurnId.Parse("turn-1");

    [Fact]
    public async Task A_connection_that_breaks_in_the_middle_of_an_event_is_made_anew_behind_the_last_whole_one()
    {
        var second = ScriptedServer.Event(2);
        using var server = new ScriptedServer(
            ScriptedServer.Events(ScriptedServer.Event(1) + second[..^8]),
            ScriptedServer.Events(""),
            ScriptedServer.Events(second + ScriptedServer.Event(3, "message_end"))
        );

        var (events, error) = await ReadAsync(server, 0);

        Assert.Null(error);
        Assert.Equal([1, 2, 3], events.Select(line => line.Seq));
        Assert.Equal("{\"seq\":2,\"type\":\"text_delta\"}", System.Text.Encoding.UTF8.GetString(events[1].Json.Span));
        Assert.True(events[^1].IsEnd);
        Assert.DoesNotContain("Last-Event-ID", server.Requests[0], StringComparison.Ordinal);
        Assert.Contains("Last-Event-ID: 1\r\n", server.Requests[1], StringComparison.Ordinal);
        Assert.Contains("Last-Event-ID: 1\r\n", server.Requests[2], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Events_that_come_again_are_passed_over()
    {
        using var server = new ScriptedServer(
            ScriptedServer.Events(ScriptedServer.Event(1) + ScriptedServer.Event(2)),
            ScriptedServer.Events(
                ScriptedServer.Event(1) + ScriptedServer.Event(2) + ScriptedServer.Event(2) + ScriptedServer.Event(3, "message_end")
            )
        );

        var (events, error) = await ReadAsync(server, 0);

        Assert.Null(error);
        Assert.Equal([1, 2, 3], events.Select(line => line.Seq));
    }

    [Fact]
    public async Task Numbers_that_a_joined_message_has_left_out_are_not_waited_for()
    {
        using var server = new ScriptedServer(
            ScriptedServer.Events(ScriptedServer.Event(1) + ScriptedServer.Event(7) + ScriptedServer.Event(9, "message_end"))
        );

        var (events, error) = await ReadAsync(server, 0);

        Assert.Null(error);
        Assert.Equal([1, 7, 9], events.Select(line => line.Seq));
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task A_message_that_was_joined_while_the_connection_was_broken_goes_on_with_its_rest()
    {
        using var server = new ScriptedServer(
            ScriptedServer.Events(ScriptedServer.Event(1) + ScriptedServer.Event(2) + ScriptedServer.Event(3)),
            ScriptedServer.Events(ScriptedServer.Event(8) + ScriptedServer.Event(9, "message_end"))
        );

        var (events, error) = await ReadAsync(server, 0);

        Assert.Null(error);
        Assert.Equal([1, 2, 3, 8, 9], events.Select(line => line.Seq));
        Assert.Contains("Last-Event-ID: 3\r\n", server.Requests[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_daemon_that_starts_is_waited_for()
    {
        using var server = new ScriptedServer(
            Problem("503 Service Unavailable", "starting", "It starts."),
            ScriptedServer.Events(ScriptedServer.Event(1, "message_end"))
        );

        var (events, error) = await ReadAsync(server, 0);

        Assert.Null(error);
        Assert.Single(events);
    }

    [Theory]
    [InlineData("")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\nid: 1\n")]
    public async Task A_daemon_that_is_silent_for_too_long_is_asked_anew(string beginning)
    {
        using var server = new ScriptedServer(
            beginning + ScriptedServer.Silence,
            ScriptedServer.Events(ScriptedServer.Event(1, "message_end"))
        );

        var (events, error) = await ReadAsync(server, 0, silence: TimeSpan.FromSeconds(3));

        Assert.Null(error);
        Assert.Single(events);
    }

    [Fact]
    public async Task The_last_event_comes_when_the_daemon_ends_the_response_and_at_the_latest_when_it_is_silent_for_too_long()
    {
        var silence = TimeSpan.FromSeconds(3);
        var end = ScriptedServer.Events(ScriptedServer.Event(1, "message_end")) + ScriptedServer.Silence;

        // A slow machine may count the time before the answer as silence too; then the reader asks again.
        using var server = new ScriptedServer([.. Enumerable.Repeat(end, 20)]);
        var time = new ManualTime();
        var begin = time.GetTimestamp();
        using var client = new DaemonClient(server.Path, time, TimeSpan.FromDays(1)) { Silence = silence };
        var reading = ReadAsync(client, 0);
        await Limits.UntilAsync(() =>
        {
            if (!reading.IsCompleted)
            {
                time.Advance(TimeSpan.FromMilliseconds(100));
            }

            return reading.IsCompleted;
        });

        var (events, error) = await reading;
        Assert.Null(error);
        Assert.True(Assert.Single(events).IsEnd);
        Assert.True(time.GetElapsedTime(begin) >= silence, "It came before the daemon had ended the response.");
    }

    [Fact]
    public async Task No_content_means_that_nothing_is_left_to_read()
    {
        using var server = new ScriptedServer("HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n");

        var (events, error) = await ReadAsync(server, 9);

        Assert.Null(error);
        Assert.Empty(events);
        Assert.Contains("Last-Event-ID: 9\r\n", Assert.Single(server.Requests), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_refusal_is_told_and_not_tried_again()
    {
        using var server = new ScriptedServer(Problem("410 Gone", "other_code", "They are gone."), ScriptedServer.Events(""));

        var (_, error) = await ReadAsync(server, 0);

        Assert.Equal(("They are gone.", DaemonProblem.Refused), (error!.Message, error.Problem));
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task A_daemon_that_stays_away_is_given_up_with_the_way_to_the_rest()
    {
        using var server = new ScriptedServer(ScriptedServer.Events(ScriptedServer.Event(1) + ScriptedServer.Event(2)));

        var (events, error) = await ReadAsync(server, 0, reconnect: TimeSpan.FromSeconds(3));

        Assert.Equal(2, events.Count);
        Assert.Equal(DaemonProblem.Failed, error!.Problem);
        Assert.Contains("The turn continues", error.Message, StringComparison.Ordinal);
        Assert.Contains("plexum-codex events turn-1 --follow --from 3", error.Message, StringComparison.Ordinal);
    }

    private static string Problem(string status, string code, string detail) =>
        ScriptedServer.Answer(
            status,
            "application/problem+json",
            $"{{\"type\":\"urn:x\",\"title\":\"T\",\"status\":{status[..3]},\"code\":\"{code}\",\"detail\":\"{detail}\"}}"
        );

    // Time passes while an answer is still to be asked for, and where there are none left only in a test of the reader's reconnect.
    private static async Task<(List<TurnLogLine> Events, DaemonException? Error)> ReadAsync(
        ScriptedServer server,
        long after,
        TimeSpan? reconnect = null,
        TimeSpan? silence = null
    )
    {
        var time = new ManualTime();
        using var client = new DaemonClient(server.Path, time, reconnect ?? TimeSpan.FromDays(1))
        {
            Silence = silence ?? TimeSpan.FromDays(1),
        };
        var reading = ReadAsync(client, after);
        await Limits.UntilAsync(() =>
        {
            if (!reading.IsCompleted && (reconnect is not null || server.Requests.Length < server.Answers))
            {
                time.Advance(TimeSpan.FromMilliseconds(100));
            }

            return reading.IsCompleted;
        });
        return await reading;
    }

    private static async Task<(List<TurnLogLine> Events, DaemonException? Error)> ReadAsync(DaemonClient client, long after)
    {
        await using var reader = client.Read(Turn, after);
        var events = new List<TurnLogLine>();
        try
        {
            while (await reader.NextAsync(CancellationToken.None) is { } line)
            {
                events.Add(line);
            }

            return (events, null);
        }
        catch (DaemonException e)
        {
            return (events, e);
        }
    }
}
