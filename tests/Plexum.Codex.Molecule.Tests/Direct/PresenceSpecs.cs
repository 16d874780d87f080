using Plexum.Codex.Molecule.Platform;

namespace Plexum.Codex.Molecule.Direct;

public class PresenceSpecs
{
    private readonly ManualTime _time = new();

    [Fact]
    public async Task A_workspace_is_registered_for_polling_and_seen_for_as_long_as_the_program_lives()
    {
        await using var stage = await StartAsync();
        Assert.False(stage.Own.IsOnline);
        stage.Own.UserSays("work");
        await stage.PollAsync();
        Assert.Equal("poll", (string?)stage.Own.Registration!["delivery_mode"]);

        for (var beat = 1; beat <= 10; beat++)
        {
            _time.Advance(TimeSpan.FromSeconds(20));
            await Limits.UntilAsync(() => stage.RequestsOf("/heartbeat").Count() == beat);
            Assert.True(stage.Own.IsOnline);
        }

        Assert.Equal((1, 200), ((int)stage.Own.Heartbeat!["active_tasks"]!, (int)stage.Own.Heartbeat["uptime_seconds"]!));
        Assert.Single(stage.RequestsOf("/register"));
    }

    [Theory]
    [InlineData(401)]
    [InlineData(403)]
    public async Task A_heartbeat_that_is_refused_is_reported_by_the_next_wait(int status)
    {
        await using var stage = await StartAsync();
        await stage.PollAsync();
        stage.Platform.Faults.Next("/heartbeat", Fault.Status(status, """{"error":"token revoked"}"""));
        _time.Advance(TimeSpan.FromSeconds(20));
        await Limits.UntilAsync(() => stage.RequestsOf("/heartbeat").Any());

        PlatformRefusedException? refusal = null;
        await Limits.UntilAsync(async () =>
            (refusal = await Record.ExceptionAsync(stage.PollAsync) as PlatformRefusedException) is not null
        );

        Assert.Contains("accept a heartbeat", refusal!.Message, StringComparison.Ordinal);
        Assert.Contains("token revoked", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_workspace_that_was_out_of_sight_for_long_is_registered_again()
    {
        await using var stage = await StartAsync();
        await stage.PollAsync();
        stage.Platform.Faults.Always("", Fault.CutBefore);
        await Assert.ThrowsAsync<PlatformUnavailableException>(stage.PollAsync);
        _time.Advance(TimeSpan.FromSeconds(91));
        Assert.False(stage.Own.IsOnline);
        stage.Platform.Faults.Clear();

        await Limits.UntilAsync(async () =>
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            return await Record.ExceptionAsync(stage.PollAsync) is null;
        });

        Assert.Equal(2, stage.RequestsOf("/register").Count(request => request.WasHandled));
        Assert.True(stage.Own.IsOnline);
    }

    [Fact]
    public async Task Polls_are_five_seconds_apart()
    {
        await using var stage = await StartAsync();
        await stage.RestartAsync(options =>
            options with
            {
                PollInterval = TimeSpan.FromSeconds(5),
                HeartbeatInterval = TimeSpan.FromHours(1),
            }
        );
        using var end = new CancellationTokenSource();
        var waiting = stage.Tools.WaitForMessagesAsync(TimeSpan.FromSeconds(600), end.Token);
        for (var poll = 1; poll <= 4; poll++)
        {
            await Limits.UntilAsync(() => stage.RequestsOf("/activity").Count() == poll && _time.HasTimerWithin(TimeSpan.FromSeconds(5)));
            _time.Advance(TimeSpan.FromSeconds(5));
        }

        await Limits.UntilAsync(() => stage.RequestsOf("/activity").Count() == 5);
        stage.Own.UserSays("hi");
        await Limits.UntilAsync(() => _time.HasTimerWithin(TimeSpan.FromSeconds(5)));
        _time.Advance(TimeSpan.FromSeconds(5));

        Assert.Equal("hi", Assert.Single(await waiting.WithinLimit()).Text);
        Assert.All(Gaps(stage.RequestsOf("/activity")), gap => Assert.Equal(TimeSpan.FromSeconds(5), gap));
    }

    // The inbox waits between its waits, and repeats the replies that it has; all that reaches the platform counts.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_platform_that_is_down_is_asked_at_most_once_a_second_and_soon_once_a_minute(bool isUnwell)
    {
        await using var stage = await StartAsync();
        await stage.PollAsync();
        var before = stage.Platform.Requests.Count;
        stage.Platform.Faults.Always("", isUnwell ? Fault.Status(503) : Fault.CutBefore);
        using var end = new CancellationTokenSource();
        Task[] inbox =
        [
            RepeatAsync(() => stage.PollAsync(), end.Token),
            .. Enumerable
                .Range(0, 5)
                .Select(reply => RepeatAsync(() => stage.ShowAsync("hi", $"reply-{reply}"), end.Token, TimeSpan.FromSeconds(2 + reply))),
        ];

        await PassAsync(stage, inbox.Length, TimeSpan.FromMinutes(1), TimeSpan.FromMilliseconds(500));
        await PassAsync(stage, inbox.Length, TimeSpan.FromMinutes(11), TimeSpan.FromSeconds(1));

        await end.CancelAsync();
        await Task.WhenAll(inbox).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        var asked = stage.Platform.Requests.Skip(before).ToList();
        var gaps = Gaps(asked);
        Assert.All(gaps, gap => Assert.InRange(gap, TimeSpan.FromMilliseconds(500), TimeSpan.FromSeconds(150)));
        Assert.InRange(asked.Count(request => request.At - asked[0].At <= TimeSpan.FromSeconds(10)), 2, 11);
        Assert.InRange(asked.Count, 12, 30);
        Assert.All(gaps.TakeLast(4), gap => Assert.InRange(gap, TimeSpan.FromSeconds(55), TimeSpan.FromSeconds(150)));
        stage.Platform.Faults.Clear();
    }

    private static List<TimeSpan> Gaps(IEnumerable<RecordedRequest> requests)
    {
        var times = requests.Select(request => request.At).ToList();
        return [.. times.Skip(1).Zip(times, (later, earlier) => later - earlier)];
    }

    private async Task<DirectStage> StartAsync() => await DirectStage.StartAsync(new FakePlatformOptions { Time = _time });

    // As the inbox does: from one second to sixty, and not before the platform wants.
    private async Task RepeatAsync(Func<Task> attempt, CancellationToken cancellationToken, TimeSpan? first = null)
    {
        await Task.Delay(first ?? TimeSpan.Zero, _time, cancellationToken);
        for (var wait = 1.0; !cancellationToken.IsCancellationRequested; wait = Math.Min(60, wait * 2))
        {
            var e = await Record.ExceptionAsync(attempt);
            var asked = (e as PlatformUnavailableException)?.RetryAfter ?? TimeSpan.Zero;
            await Task.Delay(TimeSpan.FromSeconds(Math.Max(wait, asked.TotalSeconds)), _time, cancellationToken);
        }
    }

    // Time stands still until all wait for it: for their next attempt, or for their turn in one.
    private async Task PassAsync(DirectStage stage, int sleepers, TimeSpan time, TimeSpan step)
    {
        for (var end = _time.GetUtcNow() + time; _time.GetUtcNow() < end; _time.Advance(step))
        {
            await Limits.UntilAsync(() => _time.Sleepers >= sleepers && stage.Tools.CallsUnderWay == 0);
        }
    }
}
