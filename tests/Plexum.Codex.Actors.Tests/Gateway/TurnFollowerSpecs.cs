using Plexum.Codex.Events;
using Plexum.Codex.Logs;
using Plexum.Codex.Turns;
using Xunit;

namespace Plexum.Codex.Gateway;

/// <summary>The rule of delivery, for whoever follows a turn.</summary>
public sealed class TurnFollowerSpecs : GatewayTestKit
{
    [Fact]
    public async Task A_follower_gets_each_event_as_it_comes_and_the_end_last()
    {
        var turn = await AcceptAsync();
        await using var follower = await FollowAsync(turn);
        var waiting = follower.NextAsync().AsTask();
        var log = await StartAsync(turn, Text("one"));
        Assert.False(waiting.IsCompleted);

        Notifier.Started(turn, Alice);
        Assert.Equal(FollowSignal.Events, await waiting.WithinLimit());
        Assert.Equal(["1 text_delta"], Drain(follower));
        Append(log, Text("two"), End());
        Assert.Equal(FollowSignal.Events, await follower.NextAsync().AsTask().WithinLimit());
        Assert.Equal(["2 text_delta", "3 message_end"], Drain(follower));
        Ledger.Ended(turn, Outcome());
        Notifier.Ended(turn, Alice, StopReason.EndTurn, null);

        Assert.Equal(FollowSignal.Over, await follower.NextAsync().AsTask().WithinLimit());
        Assert.Equal(FollowSignal.Over, await follower.NextAsync());
    }

    [Fact]
    public async Task Nothing_behind_the_end_is_reported()
    {
        var turn = await EndedAsync(Outcome(), Text("one"), End(), Text("stray"), End(StopReason.Error));

        Assert.Equal(2, (await ReadAsync(turn)).Length);
    }

    [Fact]
    public async Task A_start_that_was_not_reported_costs_one_heartbeat()
    {
        var turn = await AcceptAsync();
        await using var follower = await FollowAsync(turn);
        var waiting = follower.NextAsync().AsTask();
        await StartAsync(turn, Text("one"));

        Time.Advance(TurnGateway.DefaultHeartbeat - TimeSpan.FromMilliseconds(1));
        Assert.False(waiting.IsCompleted);
        Time.Advance(TimeSpan.FromMilliseconds(1));

        Assert.Equal(FollowSignal.Beat, await waiting.WithinLimit());
        Assert.Equal(FollowSignal.Events, await follower.NextAsync());
        Assert.Equal(["1 text_delta"], Drain(follower));
    }

    [Fact]
    public async Task An_end_that_was_not_reported_costs_one_heartbeat()
    {
        var turn = await RunningAsync(Text("one"));
        await using var follower = await FollowAsync(turn);
        Assert.Equal(FollowSignal.Events, await follower.NextAsync());
        Assert.Equal(["1 text_delta"], Drain(follower));
        var waiting = follower.NextAsync().AsTask();
        Ledger.Ended(turn, Failed());

        Time.Advance(TurnGateway.DefaultHeartbeat);

        Assert.Equal(FollowSignal.Beat, await waiting.WithinLimit());
        Assert.Equal(FollowSignal.Ending, await follower.NextAsync().AsTask().WithinLimit());
        var error = Assert.IsType<CanonicalEvent.Error>(follower.Ending[0].Event);
        Assert.Equal((2, "broken", TurnErrorClass.Network, "It broke."), (follower.Ending[0].Seq, error.Code, error.Class, error.Message));
        Assert.Equal((3, End(StopReason.Error)), (follower.Ending[1].Seq, follower.Ending[1].Event));
        Assert.Equal(FollowSignal.Over, await follower.NextAsync());
    }

    [Fact]
    public async Task An_end_without_a_log_that_was_not_reported_costs_one_heartbeat()
    {
        var turn = await AcceptAsync();
        await using var follower = await FollowAsync(turn);
        var waiting = follower.NextAsync().AsTask();
        Notifier.Started(turn, Alice);
        var outcome = Outcome(StopReason.Cancelled);
        Ledger.Ended(turn, outcome);
        Time.Advance(TurnGateway.DefaultHeartbeat);

        // The start wakes the follower, which finds no log and goes on waiting; so one of two beats is the one.
        await Limits.UntilAsync(() =>
        {
            Time.Advance(TurnGateway.DefaultHeartbeat);
            return waiting.IsCompleted;
        });
        Assert.Equal(FollowSignal.Beat, await waiting);
        Assert.Equal(FollowSignal.Ending, await follower.NextAsync().AsTask().WithinLimit());
        Assert.Equal(new NumberedEvent(1, End(StopReason.Cancelled), outcome.At), Assert.Single(follower.Ending));
    }

    [Fact]
    public async Task An_end_between_the_question_and_the_watch_is_found_at_once()
    {
        var turn = await AcceptAsync();
        await using var follower = await FollowAsync(turn);

        Ledger.Ended(turn, Outcome(StopReason.Cancelled));

        Assert.Equal(FollowSignal.Ending, await follower.NextAsync().AsTask().WithinLimit());
    }

    [Fact]
    public async Task What_neither_log_nor_ledger_could_take_is_reported_from_the_notice()
    {
        var turn = await RunningAsync(Text("one"));
        await using var follower = await FollowAsync(turn, 1);
        var waiting = follower.NextAsync().AsTask();
        var full = new TurnFailure("log_unwritable", "The disk is full.", TurnErrorClass.Internal, Retryable: true);

        Notifier.Ended(turn, Alice, StopReason.Error, full);

        while (await waiting.WithinLimit() == FollowSignal.Events)
        {
            Assert.Empty(Drain(follower));
            waiting = follower.NextAsync().AsTask();
        }

        Assert.Equal(FollowSignal.Ending, await waiting);
        Assert.Equal([new NumberedEvent(2, full.ToEvent()), new NumberedEvent(3, End(StopReason.Error))], follower.Ending.AsEnumerable());
    }

    [Fact]
    public async Task A_failed_turn_of_which_nothing_is_known_still_has_an_error()
    {
        var turn = await EndedAsync(Outcome(StopReason.Timeout));

        var lines = await ReadAsync(turn);

        Assert.Contains("\"events_lost\"", lines[0], StringComparison.Ordinal);
        Assert.Contains("\"stop_reason\":\"timeout\"", lines[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_end_that_only_the_ledger_has_says_when_the_turn_ended()
    {
        var outcome = Failed() with { At = new DateTimeOffset(2026, 5, 4, 18, 9, 1, 42, TimeSpan.Zero) };
        var turn = await EndedAsync(outcome, Text("one"));

        var lines = await ReadAsync(turn, 1);

        Assert.Equal(2, lines.Length);
        Assert.All(lines, line => Assert.EndsWith(",\"at\":\"2026-05-04T18:09:01.042Z\"}", line, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_log_that_has_the_error_and_no_end_gets_no_second_error()
    {
        var turn = await EndedAsync(Failed(), new CanonicalEvent.Error("broken", "It broke.", TurnErrorClass.Network, null, false));

        var lines = await ReadAsync(turn);

        Assert.Equal(2, lines.Length);
        Assert.Contains("\"error\"", lines[0], StringComparison.Ordinal);
        Assert.Contains("\"message_end\"", lines[1], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("whole")]
    [InlineData("without an end")]
    [InlineData("without a log")]
    public async Task A_reader_that_comes_back_at_any_number_gets_the_rest(string log)
    {
        var turn = log switch
        {
            "whole" => await EndedAsync(Outcome(), Text("one"), Text("two"), Text("three"), End()),
            "without an end" => await EndedAsync(Failed(), Text("one"), Text("two"), Text("three")),
            _ => await AcceptAsync(),
        };
        Ledger.Ended(turn, Failed());
        var whole = await ReadAsync(turn);
        Assert.Contains("message_end", whole[^1], StringComparison.Ordinal);

        for (var after = 0; after <= whole.Length + 1; after++)
        {
            Assert.Equal(whole.Skip(after), await ReadAsync(turn, after));
            await using var follower = await FollowAsync(turn, after);
            Assert.Equal((after, after >= whole.Length), (after, await follower.HasEverythingAsync()));
        }
    }

    [Fact]
    public async Task Several_followers_each_get_everything()
    {
        var turn = await AcceptAsync();
        var early = Enumerable.Range(0, 5).Select(_ => ReadAsync(turn)).ToList();
        var log = await StartAsync(turn, Text("one"));
        Notifier.Started(turn, Alice);
        var later = Enumerable.Range(0, 5).Select(_ => ReadAsync(turn)).ToList();
        for (var i = 0; i < 100; i++)
        {
            Append(log, Text(FormattableString.Invariant($"text {i}")));
        }

        Append(log, End());
        Ledger.Ended(turn, Outcome());
        Notifier.Ended(turn, Alice, StopReason.EndTurn, null);

        var all = await Task.WhenAll([.. early, .. later]).WithinLimit();
        Assert.Equal(102, all[0].Length);
        Assert.All(all, lines => Assert.Equal(all[0].AsEnumerable(), lines));
    }

    [Fact]
    public async Task A_reader_that_has_the_end_waits_for_the_ledger_at_most_a_second()
    {
        var turn = await RunningAsync(Text("one"), End());
        await using var follower = await FollowAsync(turn);
        Assert.Equal(FollowSignal.Events, await follower.NextAsync());
        Assert.Equal(["1 text_delta", "2 message_end"], Drain(follower));

        var waiting = follower.NextAsync().AsTask();
        Assert.False(waiting.IsCompleted);
        Time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(FollowSignal.Over, await waiting.WithinLimit());
    }

    [Fact]
    public async Task A_follower_that_is_cancelled_ends_nothing_and_reports_no_end()
    {
        using var end = new CancellationTokenSource();
        var turn = await RunningAsync(Text("one"));
        await using var follower = await FollowAsync(turn, 0, end.Token);
        Assert.Equal(FollowSignal.Events, await follower.NextAsync());
        Assert.Single(Drain(follower));
        var waiting = follower.NextAsync().AsTask();

        await end.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        Assert.False(Agents.HasMessages);
    }

    [Fact]
    public async Task The_files_of_a_turn_stay_while_it_is_followed()
    {
        var turn = await EndedAsync(Outcome(), End());
        var follower = await FollowAsync(turn);

        Assert.Null(Readers.TryRemove(turn));
        await follower.DisposeAsync();

        using var removing = Readers.TryRemove(turn);
        Assert.NotNull(removing);
        Assert.IsType<FollowAnswer.Removed>(await Gateway.FollowAsync(turn));
    }

    [Fact]
    public async Task A_turn_that_is_unknown_or_whose_files_are_gone_is_not_followed()
    {
        var gone = await EndedAsync(Failed(), End());
        await Ledger.NoteFilesRemovedAsync([gone]);

        Assert.IsType<FollowAnswer.Unknown>(await Gateway.FollowAsync(TurnId.Parse("unknown")));
        Assert.Equal(gone, Assert.IsType<FollowAnswer.Removed>(await Gateway.FollowAsync(gone)).Turn.TurnId);
        await Assert.ThrowsAsync<CodexException>(() => ReadAsync(TurnId.Parse("unknown")));
        await Assert.ThrowsAsync<CodexException>(() => ReadAsync(gone));
    }

    [Fact]
    public async Task Who_wants_the_end_alone_gets_it_with_the_last_text()
    {
        var turn = await RunningAsync(Text("one"), Text("the answer"));
        var finishing = Gateway.FinishAsync(turn);
        Assert.False(finishing.IsCompleted);
        Ledger.Ended(turn, Outcome());
        Notifier.Ended(turn, Alice, StopReason.EndTurn, null);

        var finished = (await finishing.WithinLimit())!;

        Assert.Equal((StopReason.EndTurn, "the answer", false), (finished.StopReason, finished.LastText, finished.IsLogWhole));
        Assert.Null(finished.Error);
    }

    [Fact]
    public async Task An_end_that_was_not_reported_is_found_by_the_heartbeat_of_whoever_wants_it_alone()
    {
        var turn = await RunningAsync(Text("one"));
        var finishing = Gateway.FinishAsync(turn, TimeSpan.FromSeconds(30));
        Ledger.Ended(turn, Failed(TurnErrorClass.UsageLimit));
        Time.Advance(TimeSpan.FromSeconds(30) - TimeSpan.FromMilliseconds(1));
        Assert.False(finishing.IsCompleted);

        Time.Advance(TimeSpan.FromMilliseconds(1));

        Assert.Equal(TurnErrorClass.UsageLimit, (await finishing.WithinLimit())!.Error!.Class);
    }

    [Fact]
    public async Task The_end_of_a_turn_whose_files_are_gone_is_made_from_the_ledger()
    {
        var turn = await EndedAsync(Failed(), Text("one"), End());
        var whole = (await Gateway.FinishAsync(turn))!;
        await Ledger.NoteFilesRemovedAsync([turn]);

        var lost = (await Gateway.FinishAsync(turn))!;

        Assert.Equal((StopReason.EndTurn, true, "one"), (whole.StopReason, whole.IsLogWhole, whole.LastText));
        Assert.Equal((StopReason.Error, false, (string?)null), (lost.StopReason, lost.IsLogWhole, lost.LastText));
        Assert.Equal("broken", lost.Error!.Code);
        Assert.Null(await Gateway.FinishAsync(TurnId.Parse("unknown")));
    }
}
