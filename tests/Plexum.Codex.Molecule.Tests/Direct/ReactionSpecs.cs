using Plexum.Codex.Molecule.Platform;

namespace Plexum.Codex.Molecule.Direct;

/// <summary>What the way to the platform makes of its answers; the table of docs/molecule.md.</summary>
public class ReactionSpecs
{
    [Theory]
    [InlineData(401, typeof(PlatformRefusedException))]
    [InlineData(403, typeof(PlatformRefusedException))]
    [InlineData(400, typeof(PlatformUnavailableException))]
    [InlineData(404, typeof(PlatformUnavailableException))]
    [InlineData(429, typeof(PlatformUnavailableException))]
    [InlineData(500, typeof(PlatformUnavailableException))]
    [InlineData(302, typeof(PlatformUnavailableException))]
    public async Task A_poll_and_a_registration_that_fail_say_whether_asking_again_is_of_use(int status, Type expected)
    {
        await using var stage = await DirectStage.StartAsync();
        stage.Platform.Faults.Next("/registry/register", Fault.Status(status));
        var ofRegistration = await Record.ExceptionAsync(stage.PollAsync);
        stage.Platform.Faults.Next("/activity", Fault.Status(status));
        var ofPoll = await Record.ExceptionAsync(stage.PollAsync);

        Assert.Equal((expected, expected), (ofRegistration?.GetType(), ofPoll?.GetType()));
        Assert.Contains($"{status} (internal error)", ofPoll!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_revoked_token_ends_in_a_sentence_for_the_operator_without_the_token()
    {
        await using var stage = await DirectStage.StartAsync();
        Assert.Empty(await stage.PollAsync());
        stage.Own.RevokeTokens();

        var e = await Assert.ThrowsAsync<PlatformRefusedException>(stage.PollAsync);

        Assert.Contains("The token was revoked, or the workspace is gone", e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(stage.Own.Token, e.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_empty_404_is_reported_as_what_the_edge_says_to_a_wrong_address()
    {
        await using var stage = await DirectStage.StartAsync();
        await stage.RestartAsync(options =>
            options with
            {
                PlatformUrl = new Uri(stage.Platform.Url.Replace("127.0.0.1", "localhost", StringComparison.Ordinal)),
            }
        );

        Assert.Contains(
            "PLATFORM_URL",
            (await Assert.ThrowsAsync<PlatformUnavailableException>(stage.PollAsync)).Message,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "PLATFORM_URL",
            (await Assert.ThrowsAsync<PlatformUnavailableException>(() => stage.SendAsync())).Message,
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData(PeerBehaviour.Polls, 1)]
    [InlineData(PeerBehaviour.Replies, 1)]
    [InlineData(PeerBehaviour.Queues, 1)]
    [InlineData(PeerBehaviour.IsBusy, 1)]
    [InlineData(PeerBehaviour.IsRestarting, 0)]
    [InlineData(PeerBehaviour.IsUnreachable, 0)]
    [InlineData(PeerBehaviour.Refuses, 0)]
    [InlineData(PeerBehaviour.IsOverBudget, 0)]
    public async Task A_message_counts_as_sent_exactly_where_its_peer_has_it(PeerBehaviour behaviour, int received)
    {
        await using var stage = await DirectStage.StartAsync();
        stage.Peer.Behaviour = behaviour;

        var e = await Record.ExceptionAsync(() => stage.SendAsync());

        Assert.Equal(received, stage.Peer.Received.Count);
        Assert.Equal(received == 1, e is null);
        switch (behaviour)
        {
            case PeerBehaviour.IsRestarting:
                Assert.Equal(TimeSpan.FromSeconds(15), Assert.IsType<PlatformUnavailableException>(e).RetryAfter);
                break;
            case PeerBehaviour.IsUnreachable:
                Assert.IsType<PlatformUnavailableException>(e);
                break;
            case PeerBehaviour.Refuses:
                Assert.Contains("-32603: the peer will not", Assert.IsType<DeliveryRefusedException>(e).Message, StringComparison.Ordinal);
                break;
            case PeerBehaviour.IsOverBudget:
                Assert.Contains(
                    "402 (workspace budget exceeded)",
                    Assert.IsType<DeliveryRefusedException>(e).Message,
                    StringComparison.Ordinal
                );
                break;
        }
    }

    [Theory]
    [InlineData(400, typeof(DeliveryRefusedException))]
    [InlineData(401, typeof(PlatformRefusedException))]
    [InlineData(402, typeof(DeliveryRefusedException))]
    [InlineData(403, typeof(DeliveryRefusedException))]
    [InlineData(404, typeof(DeliveryRefusedException))]
    [InlineData(410, typeof(DeliveryRefusedException))]
    [InlineData(413, typeof(DeliveryRefusedException))]
    [InlineData(408, typeof(PlatformUnavailableException))]
    [InlineData(429, typeof(PlatformUnavailableException))]
    [InlineData(500, typeof(PlatformUnavailableException))]
    [InlineData(503, typeof(PlatformUnavailableException))]
    [InlineData(302, typeof(PlatformUnavailableException))]
    public async Task A_reply_that_fails_says_whether_sending_it_again_is_of_use(int status, Type expected)
    {
        await using var stage = await DirectStage.StartAsync();
        stage.Platform.Faults.Next("/a2a", Fault.Status(status));
        stage.Platform.Faults.Next("/notify", Fault.Status(status));

        Assert.Equal(expected, (await Record.ExceptionAsync(() => stage.SendAsync()))?.GetType());
        Assert.Equal(expected, (await Record.ExceptionAsync(() => stage.ShowAsync("hi")))?.GetType());
    }

    [Fact]
    public async Task Too_many_requests_keep_the_platform_unasked_for_as_long_as_it_wants()
    {
        var time = new ManualTime();
        await using var stage = await DirectStage.StartAsync(new FakePlatformOptions { Time = time });
        stage.Platform.Faults.Next("/notify", Fault.Status(429, retryAfter: 7));

        Assert.Equal(
            TimeSpan.FromSeconds(7),
            (await Assert.ThrowsAsync<PlatformUnavailableException>(() => stage.ShowAsync("hi"))).RetryAfter
        );
        var asked = stage.Platform.Requests.Count;
        time.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(TimeSpan.FromSeconds(2), (await Assert.ThrowsAsync<PlatformUnavailableException>(stage.PollAsync)).RetryAfter);
        Assert.Equal(asked, stage.Platform.Requests.Count);
        time.Advance(TimeSpan.FromSeconds(2));
        await stage.ShowAsync("hi");

        Assert.Equal(["hi"], stage.Own.Shown);
    }

    [Fact]
    public async Task A_workspace_that_may_not_talk_to_its_user_is_told_so_with_the_platforms_advice()
    {
        await using var stage = await DirectStage.StartAsync();
        stage.Own.MayTalkToUser = false;

        var e = await Assert.ThrowsAsync<DeliveryRefusedException>(() => stage.ShowAsync("hi"));

        Assert.Contains("Forward your update to a parent workspace.", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_reply_to_nobody_or_to_oneself_does_not_leave_the_program()
    {
        await using var stage = await DirectStage.StartAsync();

        await Assert.ThrowsAsync<DeliveryRefusedException>(() =>
            stage.Tools.DelegateTaskAsync("../registry", "hi", stage.Own.Id, "r", CancellationToken.None)
        );
        await Assert.ThrowsAsync<DeliveryRefusedException>(() =>
            stage.Tools.DelegateTaskAsync(stage.Own.Id, "hi", stage.Own.Id, "r", CancellationToken.None)
        );

        Assert.Empty(stage.Platform.Requests);
    }

    [Fact]
    public async Task A_peer_that_is_silent_for_too_long_counts_as_having_the_message()
    {
        var time = new ManualTime();
        await using var stage = await DirectStage.StartAsync(new FakePlatformOptions { Time = time });
        var never = new TaskCompletionSource();
        stage.Platform.Faults.Next("/a2a", Fault.Until(never.Task));

        var sending = stage.SendAsync();
        await Limits.UntilAsync(() => time.HasTimerWithin(TimeSpan.FromSeconds(240)));

        time.Advance(TimeSpan.FromSeconds(240));
        await sending;
        never.SetResult();
    }

    [Fact]
    public async Task A_platform_that_is_silent_counts_as_unavailable()
    {
        var time = new ManualTime();
        await using var stage = await DirectStage.StartAsync(new FakePlatformOptions { Time = time });
        var never = new TaskCompletionSource();
        stage.Platform.Faults.Next("/registry", Fault.Until(never.Task));

        var polling = stage.PollAsync();
        await Limits.UntilAsync(() => time.HasTimerWithin(TimeSpan.FromSeconds(30)));

        time.Advance(TimeSpan.FromSeconds(30));
        Assert.Contains(
            "did not answer in time",
            (await Assert.ThrowsAsync<PlatformUnavailableException>(() => polling)).Message,
            StringComparison.Ordinal
        );
        never.SetResult();
    }

    public static TheoryData<string> Breaks => ["before", "after", "half"];

    [Theory]
    [MemberData(nameof(Breaks))]
    public async Task A_connection_that_breaks_has_each_reply_arrive_once_all_the_same(string how)
    {
        var fault = how switch
        {
            "before" => Fault.CutBefore,
            "after" => Fault.CutAfter,
            _ => Fault.HalfBody,
        };
        await using var stage = await DirectStage.StartAsync();
        stage.Platform.Faults.Next("/notify", fault);
        stage.Platform.Faults.Next("/a2a", fault);

        await Assert.ThrowsAsync<PlatformUnavailableException>(() => stage.ShowAsync("hi"));
        await Assert.ThrowsAsync<PlatformUnavailableException>(() => stage.SendAsync("hi"));
        await stage.RestartAsync();
        await stage.ShowAsync("hi");
        await stage.SendAsync("hi");

        Assert.Equal(["hi"], stage.Own.Shown);
        Assert.Equal([("reply-1", "hi")], stage.Peer.Received.Select(message => (message.MessageId, message.Text)));
    }

    [Fact]
    public async Task The_same_text_is_shown_as_often_as_there_are_replies_with_it()
    {
        await using var stage = await DirectStage.StartAsync();
        await stage.ShowAsync("ok", "reply-1");
        stage.Platform.Faults.Next("/notify", Fault.CutBefore);
        await Assert.ThrowsAsync<PlatformUnavailableException>(() => stage.ShowAsync("ok", "reply-2"));
        await stage.RestartAsync();
        await stage.ShowAsync("ok", "reply-2");
        await stage.ShowAsync("ok", "reply-2");
        stage.Platform.Faults.Next("/notify", Fault.CutAfter);
        await Assert.ThrowsAsync<PlatformUnavailableException>(() => stage.ShowAsync("ok", "reply-3"));
        await stage.ShowAsync("ok", "reply-3");

        Assert.Equal(["ok", "ok", "ok"], stage.Own.Shown);
    }

    [Fact]
    public async Task A_reply_is_known_after_many_others_and_behind_a_line_that_was_cut()
    {
        await using var stage = await DirectStage.StartAsync();
        var log = new NoticeLog(stage.Options.StateDirectory);
        for (var number = 0; number < 2_500; number++)
        {
            log.Add($"r{number}", $"a{number}");
        }

        var path = Path.Combine(stage.Options.StateDirectory, "notices.jsonl");
        await File.AppendAllTextAsync(path, "{\"id\":\"torn");
        log = new NoticeLog(stage.Options.StateDirectory);
        log.Add("last", "");
        log = new NoticeLog(stage.Options.StateDirectory);

        Assert.Equal((null, "a1600", "a2499", ""), (log.Find("r10"), log.Find("r1600"), log.Find("r2499"), log.Find("last")));
        Assert.Null(log.Find("torn"));
    }
}
