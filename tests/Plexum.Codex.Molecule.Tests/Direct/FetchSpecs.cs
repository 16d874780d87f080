using System.Text.Json.Nodes;
using Plexum.Codex.Molecule.Platform;

namespace Plexum.Codex.Molecule.Direct;

public class FetchSpecs
{
    [Fact]
    public async Task Messages_come_in_the_order_in_which_they_were_written_and_only_once()
    {
        await using var stage = await DirectStage.StartAsync();
        var first = stage.Own.UserSays("one");
        var second = stage.Platform.PeerSays(stage.Peer, stage.Own, "two");

        var messages = await stage.MessagesAsync();
        stage.Own.UserSays("three");

        Assert.Equal(
            [
                new InboundMessage(first, "canvas_user", "", "one", "message/send"),
                new InboundMessage(second, "peer_agent", stage.Peer.Id, "two", "message/send"),
            ],
            messages
        );
        Assert.Equal(["three"], await stage.TextsAsync());
        Assert.Empty(await stage.PollAsync());
    }

    [Fact]
    public async Task What_the_workspace_wrote_itself_is_passed_over_and_results_of_delegations_are_handed_out()
    {
        await using var stage = await DirectStage.StartAsync();
        stage.Own.Write(
            new ActivityRow
            {
                WorkspaceId = stage.Own.Id,
                Method = "notify",
                Summary = "own notice",
            }
        );
        stage.Own.Write(
            new ActivityRow
            {
                WorkspaceId = stage.Own.Id,
                Method = "message/send",
                SourceId = stage.Own.Id,
                Summary = "own echo",
            }
        );
        stage.Own.Write(
            new ActivityRow
            {
                WorkspaceId = stage.Own.Id,
                Method = "delegate_result",
                SourceId = stage.Own.Id,
                Summary = "result",
            }
        );
        stage.Own.Write(
            new ActivityRow
            {
                WorkspaceId = stage.Own.Id,
                Method = "notify",
                SourceId = stage.Peer.Id,
                Summary = "a peer's notice",
            }
        );
        stage.Own.Write(
            new ActivityRow
            {
                WorkspaceId = stage.Own.Id,
                Method = "chat_upload_receive",
                Summary = "uploaded plan.pdf",
            }
        );
        stage.Own.Write(
            new ActivityRow
            {
                WorkspaceId = stage.Own.Id,
                Type = "a2a_send",
                Method = "message/send",
                Summary = "sent",
            }
        );

        Assert.Equal(
            [("delegation_result", "result"), ("peer_agent", "a peer's notice"), ("canvas_user", "uploaded plan.pdf")],
            (await stage.MessagesAsync()).Select(message => (message.Kind, message.Text))
        );
    }

    [Theory]
    [InlineData(3)]
    [InlineData(500)]
    public async Task A_backlog_longer_than_a_page_is_fetched_to_its_beginning_and_to_its_end(int page)
    {
        await using var stage = await DirectStage.StartAsync();
        await stage.RestartAsync(options => options with { PageSize = page });
        var texts = Enumerable.Range(0, 20).Select(number => $"{number}").ToArray();
        foreach (var text in texts[..11])
        {
            stage.Own.UserSays(text);
        }

        var window = await stage.TextsAsync();
        foreach (var text in texts[11..])
        {
            stage.Own.UserSays(text);
        }

        var rest = new List<string>();
        while (rest.Count < 9)
        {
            rest.AddRange(await stage.TextsAsync());
        }

        Assert.Equal(texts, window.Concat(rest));
    }

    [Fact]
    public async Task A_cursor_that_the_platform_forgot_leads_to_the_window_and_to_no_message_twice()
    {
        await using var stage = await DirectStage.StartAsync();
        var first = stage.Own.UserSays("one");
        stage.Own.UserSays("two");
        await stage.MessagesAsync();
        await stage.PopAsync(first);
        stage.Own.Prune(2);
        stage.Own.UserSays("three");

        Assert.Equal(["three"], await stage.TextsAsync());
        stage.Own.UserSays("four");
        Assert.Equal(["four"], await stage.TextsAsync());
        Assert.Equal(["410"], stage.RequestsOf("/activity").Where(request => request.Status != 200).Select(request => $"{request.Status}"));
    }

    [Fact]
    public async Task A_wait_ends_with_the_first_poll_that_works_after_one_that_did_not()
    {
        await using var stage = await DirectStage.StartAsync();
        await stage.RestartAsync(options => options with { PollInterval = TimeSpan.FromMilliseconds(1) });
        stage.Platform.Faults.Next("/activity", Fault.Status(500));
        await Assert.ThrowsAsync<PlatformUnavailableException>(() =>
            stage.Tools.WaitForMessagesAsync(TimeSpan.FromHours(1), CancellationToken.None)
        );

        Assert.Empty(await stage.Tools.WaitForMessagesAsync(TimeSpan.FromHours(1), CancellationToken.None).WithinLimit());
    }

    [Fact]
    public async Task A_window_of_many_pages_is_resumed_where_a_page_failed()
    {
        await using var stage = await DirectStage.StartAsync();
        await stage.RestartAsync(options => options with { PageSize = 3 });
        var texts = Enumerable.Range(0, 9).Select(number => $"{number}").ToArray();
        foreach (var text in texts)
        {
            stage.Own.UserSays(text);
        }

        stage.Platform.Faults.Next("/register", Fault.Until(Task.CompletedTask));
        stage.Platform.Faults.Next("/activity", Fault.Until(Task.CompletedTask), 2);
        stage.Platform.Faults.Next("/activity", Fault.Status(500));
        await Assert.ThrowsAsync<PlatformUnavailableException>(stage.PollAsync);

        Assert.Equal(texts, await stage.TextsAsync());
        Assert.Single(stage.RequestsOf("/activity"), request => !request.Query.ContainsKey("before_ts"));
    }

    [Fact]
    public async Task A_window_reaches_as_far_back_as_its_setting_says()
    {
        await using var stage = await DirectStage.StartAsync();
        stage.Own.Write(
            new ActivityRow
            {
                WorkspaceId = stage.Own.Id,
                Summary = "old",
                CreatedAt = TimeProvider.System.GetUtcNow().AddSeconds(-700),
            }
        );
        stage.Own.Write(
            new ActivityRow
            {
                WorkspaceId = stage.Own.Id,
                Summary = "new",
                CreatedAt = TimeProvider.System.GetUtcNow().AddSeconds(-500),
            }
        );

        Assert.Equal(["new"], await stage.TextsAsync());
        Assert.Equal("600", stage.RequestsOf("/activity").First().Query["since_secs"]);
    }

    [Fact]
    public async Task Text_that_is_too_long_or_no_text_at_all_is_handed_out_as_far_as_it_is_one()
    {
        await using var stage = await DirectStage.StartAsync();
        var tenMegabytes = new string('ä', 5 << 20);
        stage.Own.UserSays(tenMegabytes);
        var broken =
            "[{\"id\":\"row-1\",\"method\":\"message/send\",\"request_body\":{\"parts\":[{\"kind\":\"text\",\"text\":\"a"u8.ToArray();

        Assert.Equal([tenMegabytes], await stage.TextsAsync());
        stage.Platform.Faults.Next("/activity", Fault.Bytes([.. broken, 0xFF, 0xFE, .. "b\"}]}}]"u8]));
        Assert.Equal(["a\uFFFD\uFFFDb"], await stage.TextsAsync());
    }

    [Fact]
    public async Task Rows_that_are_too_long_together_are_fetched_apart_and_one_that_is_alone_is_named()
    {
        await using var stage = await DirectStage.StartAsync();
        await stage.RestartAsync(options => options with { MaxAnswer = 10_000 });
        string[] texts = [new('a', 3_000), new('b', 3_000), new('c', 3_000)];
        foreach (var text in texts)
        {
            stage.Own.UserSays(text);
        }

        var fetched = new List<string>();
        while (fetched.Count < 3)
        {
            fetched.AddRange(await stage.TextsAsync());
        }

        Assert.Equal(texts, fetched);
        stage.Own.UserSays(new string('d', 20_000));
        var e = await Assert.ThrowsAsync<PlatformUnavailableException>(stage.PollAsync);
        Assert.Contains("longer than 10000 bytes", e.Message, StringComparison.Ordinal);
        Assert.Contains("a single message", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_request_carries_what_the_platform_wants_and_a_token_as_new_as_its_file()
    {
        await using var stage = await DirectStage.StartAsync(new FakePlatformOptions { OrganisationId = "org" });
        var file = Path.Combine(stage.Options.StateDirectory, "token");
        await File.WriteAllTextAsync(file, stage.Own.Token + "\n");
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        await stage.RestartAsync(options =>
            options with
            {
                Token = MoleculeToken.OfFile(file),
                OrganisationId = "org",
                AgentName = "coder",
            }
        );
        Assert.Empty(await stage.PollAsync());

        await File.WriteAllTextAsync(file, stage.Own.RotateToken());
        Assert.Empty(await stage.PollAsync());
        await stage.ShowAsync("shown");
        await stage.SendAsync("sent");

        Assert.Equal("coder", (string?)stage.Own.Registration!["agent_card"]!["name"]);
        Assert.All(stage.Platform.Requests, request => Assert.InRange(request.Status, 200, 299));
        Assert.Equal(stage.Own.Id, Assert.Single(stage.RequestsOf("/a2a")).Headers["X-Workspace-ID"]);
        File.Delete(file);
        Assert.Contains(file, (await Assert.ThrowsAsync<PlatformUnavailableException>(stage.PollAsync)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_platform_is_told_how_far_everything_is_settled_unless_it_does_not_want_to_know()
    {
        await using var stage = await DirectStage.StartAsync();
        var id = stage.Own.UserSays("one");
        await stage.MessagesAsync();
        await stage.PollAsync();
        Assert.Empty(stage.RequestsOf("/ack"));
        await stage.PopAsync(id);
        await stage.PollAsync();
        await stage.PollAsync();

        Assert.Single(stage.RequestsOf("/ack"));
        Assert.Equal(stage.Own.Rows[0].Seq, stage.Own.AckedSeq);

        stage.Platform.Faults.Always("/ack", Fault.Status(404));
        foreach (var text in new[] { "two", "three" })
        {
            stage.Own.UserSays(text);
            await stage.PopAsync((await stage.MessagesAsync())[0].ActivityId);
            await stage.PollAsync();
        }

        Assert.Equal(2, stage.RequestsOf("/ack").Count());
    }
}
