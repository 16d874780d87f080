using Plexum.Codex.Agents.Checks;
using Plexum.Codex.Ledger;
using Plexum.Codex.Requests;
using Plexum.Codex.Sqlite.Ledger;
using Plexum.Codex.Turns;
using Xunit;

namespace Plexum.Codex.Sqlite;

public sealed class SqliteLedgerSpecs : IDisposable
{
    private static readonly DateTimeOffset Now = LedgerStage.Now;
    private static readonly ThreadId Thread = ThreadId.Parse("019a0000-0000-7000-8000-000000000001");

    private readonly LedgerStage _stage = new();

    [Fact]
    public async Task The_engine_is_the_packaged_one_and_not_an_old_one_of_the_machine()
    {
        await using var ledger = await _stage.OpenAsync();

        var version = await ledger.Store.ReadAsync(connection => (string)LedgerSql.Scalar(connection, "SELECT sqlite_version()")!);

        Assert.True(Version.Parse(version) >= new Version(3, 50), version);
    }

    [Fact]
    public async Task An_accepted_turn_is_there_after_the_ledger_was_opened_anew_with_all_that_was_asked_for()
    {
        var request = LedgerStage.Request() with { Tools = [new ToolDefinition("send", "sends", "{}")] };
        await using (var ledger = await _stage.OpenAsync())
        {
            Assert.Equal(
                new LedgerReceipt(LedgerStage.Turn(1), IsNew: true, SameRequest: true, TurnState.Queued),
                await ledger.AcceptAsync(LedgerStage.Turn(1), request, "key", Now)
            );
        }

        await using var again = await _stage.OpenAsync();
        var unfinished = Assert.Single(await again.UnfinishedAsync(TurnOwner.Local));
        Assert.Equal(TurnRequestJson.Write(request), TurnRequestJson.Write(unfinished.Request!));
        Assert.Equal(
            new TurnEntry
            {
                Number = 1,
                TurnId = LedgerStage.Turn(1),
                AgentId = LedgerStage.Agent("ana"),
                Workspace = "/w/ana",
                Model = "gpt-5",
                Prompt = "hello",
                State = TurnState.Queued,
                AcceptedAt = Now,
                IdempotencyKey = "key",
                Owner = TurnOwner.Local,
            },
            unfinished.Entry
        );
        Assert.Empty(_stage.Warnings);
    }

    [Fact]
    public async Task A_turn_is_found_by_the_beginning_of_its_id()
    {
        await using var ledger = await _stage.OpenAsync();
        await LedgerStage.FillAsync(ledger, 12, agents: 2);

        Assert.Equal(
            [LedgerStage.Turn(12), LedgerStage.Turn(11), LedgerStage.Turn(10)],
            (await ledger.TurnsAsync(new TurnFilter { Prefix = "turn-00001" })).Select(turn => turn.TurnId)
        );
        Assert.Equal(
            [LedgerStage.Turn(11)],
            (await ledger.TurnsAsync(new TurnFilter(LedgerStage.Agent("agent-1")) { Prefix = "turn-00001" })).Select(turn => turn.TurnId)
        );
        Assert.Equal(
            LedgerStage.Turn(7),
            Assert.Single(await ledger.TurnsAsync(new TurnFilter(State: TurnState.Queued) { Prefix = "turn-000007" })).TurnId
        );
        Assert.Empty(await ledger.TurnsAsync(new TurnFilter { Prefix = "turn-1" }));
    }

    [Fact]
    public async Task The_first_line_of_a_prompt_is_kept_as_long_as_the_turn_s_files()
    {
        await using var ledger = await _stage.OpenAsync();
        var (kept, removed) = (LedgerStage.Turn(1), LedgerStage.Turn(2));
        await ledger.AcceptAsync(kept, LedgerStage.Request(text: "\n  the first \nthe second"), null, Now);
        await ledger.AcceptAsync(removed, LedgerStage.Request(), null, Now);
        ledger.Ended(kept, new TurnOutcome(Now, StopReason.EndTurn));
        ledger.Ended(removed, new TurnOutcome(Now, StopReason.EndTurn));

        await ledger.NoteFilesRemovedAsync([removed]);

        Assert.Equal("the first", (await ledger.FindTurnAsync(kept))!.Prompt);
        Assert.Null((await ledger.FindTurnAsync(removed))!.Prompt);
    }

    [Fact]
    public async Task A_key_names_the_first_turn_of_its_agent_for_ever()
    {
        await using var ledger = await _stage.OpenAsync();
        await ledger.AcceptAsync(LedgerStage.Turn(1), LedgerStage.Request(), "key", Now);

        Assert.Equal(
            new LedgerReceipt(LedgerStage.Turn(1), IsNew: false, SameRequest: true, TurnState.Queued),
            await ledger.AcceptAsync(LedgerStage.Turn(2), LedgerStage.Request(), "key", Now)
        );
        ledger.Ended(LedgerStage.Turn(1), new TurnOutcome(Now, StopReason.EndTurn));
        Assert.Equal(
            new LedgerReceipt(LedgerStage.Turn(1), IsNew: false, SameRequest: false, TurnState.Ended),
            await ledger.AcceptAsync(LedgerStage.Turn(3), LedgerStage.Request(text: "something else"), "key", Now)
        );
        Assert.True((await ledger.AcceptAsync(LedgerStage.Turn(4), LedgerStage.Request("ben"), "key", Now)).IsNew);

        Assert.Equal(
            new LedgerReceipt(LedgerStage.Turn(1), IsNew: false, SameRequest: true, TurnState.Ended),
            await ledger.FindByKeyAsync(LedgerStage.Request(), "key")
        );
        Assert.False((await ledger.FindByKeyAsync(LedgerStage.Request(text: "something else"), "key"))!.SameRequest);
        Assert.Null(await ledger.FindByKeyAsync(LedgerStage.Request(), "other"));
        Assert.Null(await ledger.FindTurnAsync(LedgerStage.Turn(2)));
    }

    [Fact]
    public void A_request_looks_the_same_in_every_version_of_the_program()
    {
        var message = new TurnMessage(
            MessageRole.User,
            [new ContentBlock.Text("héllo \"you\""), new ContentBlock.Image("image/png", "AAAA")]
        );
        var request = new TurnRequest(LedgerStage.Agent("ana"), "/w/ana", "gpt-5", [message])
        {
            Tools = [new ToolDefinition("get", "Gets.", "{\"type\":\"object\"}")],
            Timeout = TimeSpan.FromMilliseconds(1500),
        };
        var read = TurnRequestJson.Read(LedgerStage.Agent("ana"), TurnRequestJson.Write(request, "key")).Request!;

        Assert.Equal("a2049b10a17e0f8d2a60f7e927bea080", Convert.ToHexStringLower(AcceptedTurn.HashOf(request)));
        Assert.Equal(AcceptedTurn.HashOf(request), AcceptedTurn.HashOf(read));
    }

    [Fact]
    public async Task A_node_is_given_its_own_unfinished_turns_and_those_without_an_owner()
    {
        await using var ledger = await _stage.OpenAsync();
        await ledger.AcceptAsync(LedgerStage.Turn(1), LedgerStage.Request(), null, Now);
        await ledger.AcceptAsync(LedgerStage.Turn(2), LedgerStage.Request(), null, Now);
        await ledger.Store.Writer.WriteAsync(statements =>
            statements.Statement("UPDATE turns SET owner = NULL WHERE number = 2").Execute()
        );

        Assert.Equal([1, 2], (await ledger.UnfinishedAsync(TurnOwner.Local)).Select(turn => (int)turn.Entry.Number));
        Assert.Equal([2], (await ledger.UnfinishedAsync("other")).Select(turn => (int)turn.Entry.Number));
    }

    [Fact]
    public async Task Many_callers_with_one_key_at_once_get_one_turn()
    {
        await using var ledger = await _stage.OpenAsync();
        var receipts = await Task.WhenAll(
                Enumerable
                    .Range(1, 100)
                    .Select(i => Task.Run(() => ledger.AcceptAsync(LedgerStage.Turn(i), LedgerStage.Request(), "key", Now)))
            )
            .WithinLimit();

        Assert.Single(receipts, receipt => receipt.IsNew);
        Assert.Single(receipts.Select(receipt => receipt.TurnId).Distinct());
        Assert.Single(await ledger.UnfinishedAsync(TurnOwner.Local));
    }

    [Fact]
    public async Task A_turn_taken_in_twice_is_one_turn_and_one_of_another_agents_is_refused()
    {
        await using var ledger = await _stage.OpenAsync();
        await ledger.AcceptAsync(LedgerStage.Turn(1), LedgerStage.Request(), null, Now);

        Assert.False((await ledger.AcceptAsync(LedgerStage.Turn(1), LedgerStage.Request(), null, Now)).IsNew);
        var refused = await Assert.ThrowsAsync<CodexException>(() =>
            ledger.AcceptAsync(LedgerStage.Turn(1), LedgerStage.Request("ben"), null, Now)
        );
        Assert.Equal("The turn turn-000001 belongs to the agent ana; give the new turn another id.", refused.Message);
        Assert.True((await ledger.AcceptAsync(LedgerStage.Turn(2), LedgerStage.Request("ben"), null, Now)).IsNew);
    }

    [Fact]
    public async Task A_turn_goes_from_queued_over_running_to_ended_and_ends_once()
    {
        await using var ledger = await _stage.OpenAsync();
        await ledger.AcceptAsync(LedgerStage.Turn(1), LedgerStage.Request(), null, Now);
        ledger.Started(LedgerStage.Turn(1), Now.AddSeconds(1));
        await ledger.FlushAsync();
        var running = (await ledger.FindTurnAsync(LedgerStage.Turn(1)))!;
        Assert.Equal((TurnState.Running, Now.AddSeconds(1)), (running.State, running.StartedAt));

        ledger.Ended(
            LedgerStage.Turn(1),
            new TurnOutcome(
                Now.AddSeconds(2),
                StopReason.Error,
                new Usage(10, 5, 3, 1),
                new Usage(100, 50, 30, 10),
                Thread,
                "usage_limit",
                TurnErrorClass.UsageLimit,
                "The allowance is used up."
            )
        );
        ledger.Ended(LedgerStage.Turn(1), new TurnOutcome(Now.AddSeconds(3), StopReason.EndTurn, new Usage(1, 1, 1, 1)));
        ledger.Started(LedgerStage.Turn(1), Now.AddSeconds(4));
        await ledger.FlushAsync();

        var ended = (await ledger.FindTurnAsync(LedgerStage.Turn(1)))!;
        Assert.Equal(
            running with
            {
                State = TurnState.Ended,
                EndedAt = Now.AddSeconds(2),
                StopReason = StopReason.Error,
                Usage = new Usage(10, 5, 3, 1),
                ErrorCode = "usage_limit",
                ErrorClass = TurnErrorClass.UsageLimit,
                ErrorMessage = "The allowance is used up.",
                ThreadId = Thread,
            },
            ended
        );
        Assert.Empty(await ledger.UnfinishedAsync(TurnOwner.Local));
        Assert.Equal(
            new AgentEntry(LedgerStage.Agent("ana"), "/w/ana", Thread, Now, Now.AddSeconds(2), 0, 0, 1, 1, new Usage(10, 5, 3, 1)),
            await ledger.FindAgentAsync(LedgerStage.Agent("ana"))
        );
        Assert.Equal(
            [new DayUsage(new DateOnly(2026, 3, 1), 1, 1, new Usage(10, 5, 3, 1))],
            (await ledger.UsageAsync(null, DateOnly.MinValue, DateOnly.MaxValue)).ToArray()
        );
    }

    [Fact]
    public async Task Unfinished_turns_come_in_the_order_of_acceptance_whatever_the_clock_said_and_a_running_one_first()
    {
        await using var ledger = await _stage.OpenAsync();
        foreach (var (number, agent) in new[] { (1, "ana"), (2, "ben"), (3, "ana"), (4, "ana"), (5, "ben") })
        {
            await ledger.AcceptAsync(LedgerStage.Turn(number), LedgerStage.Request(agent), null, Now.AddDays(-number));
        }

        ledger.Started(LedgerStage.Turn(3), Now.AddYears(-50));
        await ledger.FlushAsync();

        Assert.Equal([3, 1, 2, 4, 5], (await ledger.UnfinishedAsync(TurnOwner.Local)).Select(turn => (int)turn.Entry.Number));
        Assert.Equal([5, 4, 3, 2, 1], (await ledger.TurnsAsync(new TurnFilter())).Select(turn => (int)turn.Number));
    }

    [Fact]
    public async Task Turns_are_found_by_agent_and_state_page_by_page()
    {
        await using var ledger = await _stage.OpenAsync();
        await LedgerStage.FillAsync(ledger, 9, agents: 3);
        ledger.Ended(LedgerStage.Turn(3), new TurnOutcome(Now, StopReason.EndTurn));
        ledger.Started(LedgerStage.Turn(6), Now);
        await ledger.FlushAsync();

        Assert.Equal("9, 8", await Find(new TurnFilter(Limit: 2)));
        Assert.Equal("7, 6", await Find(new TurnFilter(Before: 8, Limit: 2)));
        Assert.Equal("9, 8", await Find(new TurnFilter(After: 7)));
        var agent = LedgerStage.Agent("agent-0");
        Assert.Equal("9, 6, 3", await Find(new TurnFilter(agent)));
        Assert.Equal("6", await Find(new TurnFilter(agent, TurnState.Running)));
        Assert.Equal("9", await Find(new TurnFilter(agent, TurnState.Queued)));
        Assert.Equal("3", await Find(new TurnFilter(State: TurnState.Ended)));
        Assert.Empty(await Find(new TurnFilter(LedgerStage.Agent("nobody"))));

        async Task<string> Find(TurnFilter filter) => string.Join(", ", (await ledger.TurnsAsync(filter)).Select(turn => turn.Number));
    }

    [Fact]
    public async Task Agents_come_page_by_page_with_what_they_have_to_do()
    {
        await using var ledger = await _stage.OpenAsync();
        await LedgerStage.FillAsync(ledger, 9, agents: 3);
        ledger.Started(LedgerStage.Turn(3), Now);
        ledger.Ended(LedgerStage.Turn(6), new TurnOutcome(Now.AddHours(1), StopReason.Cancelled));
        await ledger.FlushAsync();

        var all = await ledger.AgentsAsync(null, 10);
        Assert.Equal(["agent-0", "agent-1", "agent-2"], all.Select(agent => agent.AgentId.Value));
        Assert.Equal((1, 1, 1, 0), (all[0].Queued, all[0].Running, all[0].Ended, all[0].Failed));
        Assert.Equal(Now.AddHours(1), all[0].LastSeenAt);
        Assert.Equal(["agent-1"], (await ledger.AgentsAsync(all[0].AgentId, 1)).Select(agent => agent.AgentId.Value));
        Assert.Null(await ledger.FindAgentAsync(LedgerStage.Agent("nobody")));
    }

    [Fact]
    public async Task Unfinished_turns_of_owners_that_are_gone_are_taken_over_and_those_of_others_are_not()
    {
        await using var ledger = await _stage.OpenAsync();
        await using var gone = await SqliteLedger.JoinAsync(_stage.Path, TimeProvider.System, _stage.Warnings.Enqueue, "gone");
        await using var there = await SqliteLedger.JoinAsync(_stage.Path, TimeProvider.System, _stage.Warnings.Enqueue, "there");
        await gone.AcceptAsync(LedgerStage.Turn(1), LedgerStage.Request(), null, Now);
        await gone.AcceptAsync(LedgerStage.Turn(2), LedgerStage.Request(), null, Now);
        gone.Ended(LedgerStage.Turn(2), TurnOutcome.Of(StopReason.EndTurn, null, Now));
        await gone.FlushAsync();
        await there.AcceptAsync(LedgerStage.Turn(3), LedgerStage.Request(), null, Now);
        Assert.Empty(await ledger.UnfinishedAsync(TurnOwner.Local));

        Assert.Equal([LedgerStage.Turn(1)], (await ledger.TakeOverAsync(owner => owner == "gone")).AsEnumerable());

        Assert.Equal([LedgerStage.Turn(1)], (await ledger.UnfinishedAsync(TurnOwner.Local)).Select(turn => turn.Entry.TurnId));
        Assert.Equal([LedgerStage.Turn(3)], (await ledger.UnfinishedAsync("there")).Select(turn => turn.Entry.TurnId));
        Assert.Empty(await ledger.TakeOverAsync(owner => owner == "gone"));
        Assert.Empty(_stage.Warnings);
    }

    [Fact]
    public async Task A_command_leaves_a_damaged_ledger_to_the_daemon()
    {
        await File.WriteAllTextAsync(_stage.Path, new string('x', 8192));

        var refused = await Assert.ThrowsAsync<LedgerUnavailableException>(() =>
            SqliteLedger.JoinAsync(_stage.Path, TimeProvider.System, _stage.Warnings.Enqueue, "command")
        );

        Assert.Contains("damaged", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(_stage.Files, file => file.StartsWith("ledger.db.bad-", StringComparison.Ordinal));
        await using var rescued = await _stage.OpenAsync();
        Assert.Contains(_stage.Files, file => file.StartsWith("ledger.db.bad-", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Usage_is_counted_by_day_in_utc_for_one_agent_or_all()
    {
        await using var ledger = await _stage.OpenAsync();
        await LedgerStage.FillAsync(ledger, 3, agents: 2);
        var midnight = new DateTimeOffset(2026, 3, 2, 1, 0, 0, TimeSpan.FromHours(2));
        ledger.Ended(LedgerStage.Turn(1), new TurnOutcome(midnight, StopReason.EndTurn, new Usage(1, 2, 3, 4)));
        ledger.Ended(LedgerStage.Turn(2), new TurnOutcome(midnight, StopReason.Timeout, new Usage(10, 20, 30, 40)));
        ledger.Ended(LedgerStage.Turn(3), new TurnOutcome(midnight.AddHours(2), StopReason.EndTurn, new Usage(5, 5, 5, 5)));
        await ledger.FlushAsync();

        var (first, second) = (new DateOnly(2026, 3, 1), new DateOnly(2026, 3, 2));
        Assert.Equal(
            [new DayUsage(first, 2, 1, new Usage(11, 22, 33, 44)), new DayUsage(second, 1, 0, new Usage(5, 5, 5, 5))],
            (await ledger.UsageAsync(null, first, second)).ToArray()
        );
        Assert.Equal(
            [new DayUsage(second, 1, 0, new Usage(5, 5, 5, 5))],
            (await ledger.UsageAsync(LedgerStage.Agent("agent-1"), second, second)).ToArray()
        );
    }

    [Fact]
    public async Task Files_are_measured_removed_and_forgotten_and_what_was_used_stays()
    {
        await using var ledger = await _stage.OpenAsync();
        await LedgerStage.FillAsync(ledger, 4);
        foreach (var number in new[] { 1, 2, 3 })
        {
            ledger.Ended(LedgerStage.Turn(number), new TurnOutcome(Now.AddDays(number), StopReason.EndTurn, new Usage(1, 1, 1, 1)));
        }

        await ledger.NoteFilesAsync([(LedgerStage.Turn(2), 77), (LedgerStage.Turn(4), 1)]);
        Assert.Equal(
            [(1L, null), (2L, 77L), (3L, (long?)null)],
            (await ledger.EndedWithFilesAsync(0, 9)).Select(turn => (turn.Number, turn.FilesBytes))
        );
        await ledger.NoteFilesRemovedAsync([LedgerStage.Turn(1), LedgerStage.Turn(2), LedgerStage.Turn(4)]);
        Assert.Equal([3L], (await ledger.EndedWithFilesAsync(0, 9)).Select(turn => turn.Number));
        Assert.True((await ledger.FindTurnAsync(LedgerStage.Turn(1)))!.FilesRemoved);
        Assert.False((await ledger.FindTurnAsync(LedgerStage.Turn(4)))!.FilesRemoved);

        Assert.Equal(1, await ledger.ForgetTurnsAsync(Now.AddDays(2), 9));
        Assert.Null(await ledger.FindTurnAsync(LedgerStage.Turn(1)));
        Assert.NotNull(await ledger.FindTurnAsync(LedgerStage.Turn(2)));
        Assert.Equal(3, (await ledger.FindAgentAsync(LedgerStage.Agent("agent-0")))!.Ended);
        Assert.Equal(3, (await ledger.UsageAsync(null, DateOnly.MinValue, DateOnly.MaxValue)).Length);
    }

    [Fact]
    public async Task The_number_of_a_forgotten_turn_is_never_given_again()
    {
        await using (var ledger = await _stage.OpenAsync())
        {
            await LedgerStage.FillAsync(ledger, 3);
            ledger.Ended(LedgerStage.Turn(3), new TurnOutcome(Now, StopReason.EndTurn));
            await ledger.NoteFilesRemovedAsync([LedgerStage.Turn(3)]);
            Assert.Equal(1, await ledger.ForgetTurnsAsync(Now.AddDays(1), 9));
        }

        await using var again = await _stage.OpenAsync();
        await again.AcceptAsync(LedgerStage.Turn(9), LedgerStage.Request(), null, Now);
        Assert.Equal(4, (await again.FindTurnAsync(LedgerStage.Turn(9)))!.Number);
    }

    [Fact]
    public async Task Nobody_but_the_owner_may_read_the_files()
    {
        File.WriteAllText(_stage.Path, "");
        File.SetUnixFileMode(_stage.Path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherRead);
        await using var ledger = await _stage.OpenAsync();
        await LedgerStage.FillAsync(ledger, 1);

        foreach (var suffix in new[] { "", "-wal", "-shm" })
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(_stage.Path + suffix));
        }
    }

    [Fact]
    public async Task A_ledger_that_is_closed_takes_nothing_and_says_so()
    {
        var ledger = await _stage.OpenAsync();
        await ledger.DisposeAsync();
        await ledger.DisposeAsync();

        var refused = await Assert.ThrowsAsync<LedgerUnavailableException>(() =>
            ledger.AcceptAsync(LedgerStage.Turn(1), LedgerStage.Request(), null, Now)
        );
        Assert.Contains("is closed", refused.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<LedgerUnavailableException>(() => ledger.FlushAsync());
        ledger.Started(LedgerStage.Turn(1), Now);
        Assert.Contains("after it was closed", Assert.Single(_stage.Warnings), StringComparison.Ordinal);
    }

    public void Dispose() => _stage.Dispose();
}
