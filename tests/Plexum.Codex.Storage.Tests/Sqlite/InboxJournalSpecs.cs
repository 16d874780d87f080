using Microsoft.Data.Sqlite;
using Plexum.Codex.Inbox;
using Plexum.Codex.Ledger;
using Plexum.Codex.Sqlite.Inbox;
using Plexum.Codex.Sqlite.Ledger;
using Plexum.Codex.Turns;
using Xunit;

namespace Plexum.Codex.Sqlite;

public sealed class InboxJournalSpecs : IAsyncLifetime, IDisposable
{
    private static readonly AgentId Canvas = AgentId.Parse("canvas-w");
    private static readonly AgentId Peer = AgentId.Parse("peer-p");
    private static readonly DateTimeOffset Now = LedgerStage.Now;

    private readonly LedgerStage _stage = new();
    private SqliteLedger _ledger = null!;
    private SqliteInboxJournal _journal = null!;

    public async Task InitializeAsync()
    {
        _ledger = await _stage.OpenAsync();
        _journal = new SqliteInboxJournal(_ledger.Store, "w");
    }

    public async Task DisposeAsync() => await _ledger.DisposeAsync();

    public void Dispose() => _stage.Dispose();

    [Fact]
    public async Task A_thread_s_messages_come_in_their_order_and_each_state_survives_a_restart()
    {
        Assert.Equal([Canvas, Peer], await ReceiveAsync(Message("a", Canvas), Message("b", Peer), Message("c", Canvas)));
        await _journal.KeepReplyAsync("a", "the reply", Now);
        await ReopenAsync();

        var first = (await _journal.FindNextAsync(Canvas))!;
        Assert.Equal(("a", "the reply", Now), (first.ActivityId, first.Reply, first.ReceivedAt));
        Assert.Equal([Canvas, Peer], (await _journal.OpenConversationsAsync()).ToArray());
        await _journal.DeliveredAsync("a", Now);
        await ReopenAsync();

        var second = (await _journal.FindNextAsync(Canvas))!;
        Assert.Equal(("c", "text of c", (string?)null), (second.ActivityId, second.Chat.Text, second.Reply));
        Assert.Equal(["a"], (await _journal.FindUnacknowledgedAsync(0, 10)).Select(message => message.ActivityId));
        Assert.Equal(new InboxCounts(2, 0, 0, 1), await _journal.CountAsync());
    }

    [Fact]
    public async Task A_text_with_a_NUL_comes_back_whole()
    {
        await ReceiveAsync(new InboxArrival("a\0b", new InboxChat(Canvas, "", "w", "one\0two")));
        await ReopenAsync();
        var waiting = (await _journal.FindNextAsync(Canvas))!;
        await _journal.KeepReplyAsync("a\0b", "three\0four", Now);

        Assert.Equal(("a\0b", "one\0two"), (waiting.ActivityId, waiting.Chat.Text));
        Assert.Equal("three\0four", (await _journal.FindNextAsync(Canvas))!.Reply);
    }

    [Fact]
    public async Task A_message_that_is_known_is_not_taken_in_again_and_is_acknowledged_again()
    {
        await ReceiveAsync(Message("a", Canvas));
        Assert.Empty(await ReceiveAsync(Message("a", Canvas)));
        await _journal.KeepReplyAsync("a", "reply", Now);
        await _journal.DeliveredAsync("a", Now);
        var found = await _journal.FindUnacknowledgedAsync(0, 10);
        await _journal.AcknowledgedAsync(found);
        Assert.Empty(await _journal.FindUnacknowledgedAsync(0, 10));

        Assert.Empty(await ReceiveAsync(Message("a", Canvas)));

        Assert.Null(await _journal.FindNextAsync(Canvas));
        Assert.Equal(["a"], (await _journal.FindUnacknowledgedAsync(0, 10)).Select(message => message.ActivityId));
        await _journal.AcknowledgedAsync(found);
        Assert.Single(await _journal.FindUnacknowledgedAsync(0, 10));
    }

    [Fact]
    public async Task A_drained_message_is_only_to_be_acknowledged()
    {
        Assert.Empty(await ReceiveAsync(new InboxArrival("a", null)));

        Assert.Empty(await _journal.OpenConversationsAsync());
        Assert.Equal(["a"], (await _journal.FindUnacknowledgedAsync(0, 10)).Select(message => message.ActivityId));
    }

    [Fact]
    public async Task A_dead_letter_is_listed_and_requeued_at_the_state_it_had()
    {
        await ReceiveAsync(Message("a", Canvas), Message("b", Peer));
        await _journal.KeepReplyAsync("a", "the reply", Now);
        await _journal.FailedAsync("a", "no", Now);
        await _journal.GiveUpAsync("a", "still no", Now);
        await _journal.GiveUpAsync("b", "too often", Now);

        Assert.Empty(await _journal.OpenConversationsAsync());
        Assert.Equal(2, (await _journal.FindUnacknowledgedAsync(0, 10)).Length);
        var letters = await _journal.FindDeadLettersAsync(0, 10);
        Assert.Equal(
            [("a", true, 1, "still no"), ("b", false, 0, "too often")],
            letters.Select(letter => (letter.ActivityId, letter.HasReply, letter.Attempts, letter.Problem))
        );
        Assert.Equal("b", Assert.Single(await _journal.FindDeadLettersAsync(letters[0].Number, 10)).ActivityId);

        Assert.Equal(0, (await _journal.RequeueAsync("unknown", Now)).Count);
        var (count, threads) = await _journal.RequeueAsync("a", Now);
        Assert.Equal((1, Canvas), (count, Assert.Single(threads)));
        Assert.Equal(1, (await _journal.RequeueAsync(null, Now)).Count);

        Assert.Equal(new InboxCounts(1, 1, 0, 0), await _journal.CountAsync());
        var (a, b) = ((await _journal.FindNextAsync(Canvas))!, (await _journal.FindNextAsync(Peer))!);
        Assert.Equal(("the reply", 0, true), (a.Reply, a.Attempts, a.IsUnguarded));
        Assert.Equal(((string?)null, "text of b"), (b.Reply, b.Chat.Text));
    }

    [Fact]
    public async Task The_history_of_a_thread_is_told_newest_first_with_the_last_word_of_the_user()
    {
        await ReceiveAsync(Message("a", Peer), Message("b", Peer), new InboxArrival("drained", null));
        foreach (var (id, minute) in new[] { ("a", 1), ("b", 2) })
        {
            await _journal.KeepReplyAsync(id, "reply", Now);
            await _journal.DeliveredAsync(id, Now.AddMinutes(minute));
        }

        var history = await _journal.FindHistoryAsync(Peer, 10);
        Assert.Equal([new InboxExchange(Now, Now.AddMinutes(2)), new InboxExchange(Now, Now.AddMinutes(1))], history.Answered.ToArray());
        Assert.Null(history.UserSpokeAt);
        Assert.Single((await _journal.FindHistoryAsync(Peer, 1)).Answered);

        await _journal.ReceiveAsync([Message("c", Canvas)], Now.AddMinutes(3));
        Assert.Equal(Now.AddMinutes(3), (await _journal.FindHistoryAsync(Peer, 10)).UserSpokeAt);
    }

    [Fact]
    public async Task Only_old_messages_that_came_to_their_end_and_are_acknowledged_are_forgotten()
    {
        await ReceiveAsync(
            Message("open", Canvas),
            Message("dead", Peer),
            new InboxArrival("new", null),
            new InboxArrival("old", null),
            new InboxArrival("untold", null)
        );
        await _journal.GiveUpAsync("dead", "no", Now);
        var found = await _journal.FindUnacknowledgedAsync(0, 10);
        await _journal.AcknowledgedAsync([.. found.Where(message => message.ActivityId != "untold")]);

        Assert.Equal(0, await _journal.ForgetAsync(Now, 10));
        Assert.Equal(1, await _journal.ForgetAsync(Now.AddDays(1), 1));
        Assert.Equal(2, await _journal.ForgetAsync(Now.AddDays(1), 10));

        Assert.Equal([Canvas], await ReceiveAsync(Message("old", Canvas)));
        Assert.Equal(new InboxCounts(2, 0, 0, 1), await _journal.CountAsync());
    }

    [Fact]
    public async Task Inboxes_of_other_workspaces_are_not_touched()
    {
        await ReceiveAsync(Message("a", Canvas));
        var other = new SqliteInboxJournal(_ledger.Store, "other");

        Assert.Equal([Canvas], (await other.ReceiveAsync([Message("a", Canvas)], Now)).ToArray());
        await other.GiveUpAsync("a", "no", Now);
        await other.RequeueAsync(null, Now);

        Assert.False((await _journal.FindNextAsync(Canvas))!.IsUnguarded);
    }

    [Fact]
    public async Task A_ledger_of_the_version_before_gets_the_table_and_keeps_its_turns()
    {
        await LedgerStage.FillAsync(_ledger, 3);
        await _ledger.DisposeAsync();
        using (var connection = new SqliteConnection($"Data Source={_stage.Path};Pooling=False"))
        {
            connection.Open();
            LedgerSql.Execute(connection, "DROP TABLE inbox");
            LedgerSql.Execute(connection, "DROP TABLE approvals");
            LedgerSql.Execute(connection, "ALTER TABLE turns DROP COLUMN owner");
            LedgerSql.Execute(connection, "ALTER TABLE turns DROP COLUMN prompt");
            LedgerSql.Execute(connection, "PRAGMA user_version = 1");
        }

        await InitializeAsync();

        Assert.Equal([Canvas], await ReceiveAsync(Message("a", Canvas)));
        Assert.Equal(3, (await _ledger.UnfinishedAsync(TurnOwner.Local)).Length);
    }

    [Fact]
    public async Task What_the_platform_has_accepted_is_written_as_soon_as_there_is_room_again()
    {
        await ReceiveAsync(Message("a", Canvas));
        await _journal.KeepReplyAsync("a", "reply", Now);
        Task delivered;
        using (_stage.FillDisk())
        {
            delivered = _journal.DeliveredAsync("a", Now);
            await Assert.ThrowsAsync<LedgerUnavailableException>(() => _journal.FailedAsync("a", new string('x', 1000), Now)).WithinLimit();
            Assert.False(delivered.IsCompleted);
        }

        await delivered.WithinLimit();
        Assert.Null(await _journal.FindNextAsync(Canvas));
    }

    [Fact]
    public async Task What_was_written_is_there_after_the_program_was_killed_in_the_middle_of_writing()
    {
        var lines = new List<string>();
        await _ledger.DisposeAsync();
        using (var child = await LedgerChild.StartAsync("receive", _stage.Path))
        {
            for (var i = 0; i < 150; i++)
            {
                lines.Add(await child.LineAsync());
            }

            lines.AddRange(await child.KillAsync());
        }

        await InitializeAsync();
        var known = new Dictionary<string, InboxState>();
        foreach (var line in lines)
        {
            known[line[2..]] =
                line[0] == 'R' ? InboxState.Received
                : line[0] == 'K' ? InboxState.Answered
                : InboxState.Done;
        }

        // What is further on than the child had told is no loss.
        var found = (
            await _ledger.Store.ReadAsync(connection =>
                LedgerSql.Query(connection, "SELECT activity, state, reply FROM inbox", row =>
                    (Id: row.GetString(0), State: (InboxState)row.GetInt64(1), Reply: SqliteValues.Text(row, 2))
                )
            )
        ).ToDictionary(row => row.Id);
        Assert.All(known, message => Assert.True(found[message.Key].State >= message.Value, $"{message.Key} has gone back."));
        Assert.All(found.Values.Where(row => row.State == InboxState.Answered), row => Assert.Equal("reply to " + row.Id, row.Reply));
        Assert.Empty(_stage.Warnings);
    }

    private static InboxArrival Message(string id, AgentId thread) =>
        new(id, new InboxChat(thread, thread == Canvas ? "" : "p", "w", "text of " + id));

    private async Task<AgentId[]> ReceiveAsync(params InboxArrival[] arrivals) => [.. await _journal.ReceiveAsync([.. arrivals], Now)];

    private async Task ReopenAsync()
    {
        await _ledger.DisposeAsync();
        await InitializeAsync();
    }
}
