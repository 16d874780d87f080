using Microsoft.Data.Sqlite;
using Plexum.Codex.Ledger;
using Plexum.Codex.Problems;
using Plexum.Codex.Sqlite.Ledger;
using Plexum.Codex.Turns;
using Xunit;

namespace Plexum.Codex.Sqlite;

public sealed class LedgerFaultSpecs : IDisposable
{
    private static readonly DateTimeOffset Now = LedgerStage.Now;

    private readonly LedgerStage _stage = new();

    [Fact]
    public async Task A_locked_ledger_refuses_after_a_while_keeps_what_nobody_waits_for_and_goes_on_later()
    {
        await using var ledger = await _stage.OpenAsync();
        await LedgerStage.FillAsync(ledger, 1);
        Task flushed;
        using (var other = LedgerFile.Open(_stage.Path, _stage.Options))
        {
            LedgerSql.Execute(other, "BEGIN IMMEDIATE");
            ledger.Started(LedgerStage.Turn(1), Now);
            ledger.Ended(LedgerStage.Turn(1), new TurnOutcome(Now, StopReason.EndTurn));
            flushed = ledger.FlushAsync();
            var refused = await Assert.ThrowsAsync<LedgerUnavailableException>(() =>
                ledger.AcceptAsync(LedgerStage.Turn(2), LedgerStage.Request(), null, Now).WithinLimit()
            );
            Assert.Equal($"The ledger {_stage.Path} is locked by another process. Wait for it or end it, and try again.", refused.Message);

            // Readers are not held up by it.
            Assert.Equal(TurnState.Queued, (await ledger.FindTurnAsync(LedgerStage.Turn(1)))!.State);
            Assert.False(flushed.IsCompleted);
            LedgerSql.Execute(other, "ROLLBACK");
        }

        await flushed.WithinLimit();
        Assert.Equal(TurnState.Ended, (await ledger.FindTurnAsync(LedgerStage.Turn(1)))!.State);
        Assert.True((await ledger.AcceptAsync(LedgerStage.Turn(2), LedgerStage.Request(), null, Now)).IsNew);
        Assert.Equal(2, _stage.Warnings.Count);
    }

    [Fact]
    public async Task A_process_that_locks_the_ledger_while_it_is_opened_is_named()
    {
        await (await _stage.OpenAsync()).DisposeAsync();
        using var other = await LedgerChild.StartAsync("lock", _stage.Path);
        await other.LineAsync();

        var refused = await Assert.ThrowsAsync<LedgerUnavailableException>(() => _stage.OpenAsync());
        Assert.StartsWith($"The ledger {_stage.Path} is locked by process {other.Pid} (", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_full_disk_refuses_a_turn_with_a_sentence_and_takes_it_when_there_is_space()
    {
        await using var ledger = await _stage.OpenAsync();
        await LedgerStage.FillAsync(ledger, 2);
        using (_stage.FillDisk())
        {
            ledger.Started(LedgerStage.Turn(1), Now);
            ledger.Ended(LedgerStage.Turn(2), new TurnOutcome(Now, StopReason.EndTurn));
            var refused = await Assert.ThrowsAsync<LedgerUnavailableException>(() =>
                ledger.AcceptAsync(LedgerStage.Turn(3), LedgerStage.Request(), null, Now).WithinLimit()
            );
            Assert.Equal($"The disk with the ledger {_stage.Path} is full. Free some space, and try again.", refused.Message);
        }

        Assert.True((await ledger.AcceptAsync(LedgerStage.Turn(3), LedgerStage.Request(), null, Now)).IsNew);
        Assert.Equal(
            [(3, TurnState.Queued), (2, TurnState.Ended), (1, TurnState.Running)],
            (await ledger.TurnsAsync(new TurnFilter())).Select(turn => ((int)turn.Number, turn.State))
        );
    }

    [Fact]
    public async Task A_full_disk_is_a_problem_until_there_is_space_also_if_nothing_waits_to_be_written()
    {
        var reports = new ProblemReports();
        await using var ledger = await _stage.OpenAsync(options => options with { Problems = reports });
        await LedgerStage.FillAsync(ledger, 1);
        using (_stage.FillDisk())
        {
            await Assert.ThrowsAsync<LedgerUnavailableException>(() =>
                ledger.AcceptAsync(LedgerStage.Turn(2), LedgerStage.Request(), null, Now).WithinLimit()
            );
            Assert.Equal([ProblemKinds.LedgerUnwritable], reports.Standing);
        }

        await Limits.UntilAsync(() => reports.Standing.Count == 0);
        Assert.Empty(_stage.Warnings);
    }

    [Fact]
    public async Task A_ledger_that_is_closed_on_a_full_disk_says_what_it_could_not_write()
    {
        var ledger = await _stage.OpenAsync();
        await LedgerStage.FillAsync(ledger, 1);
        Task flushed;
        using (_stage.FillDisk())
        {
            ledger.Started(LedgerStage.Turn(1), Now);
            flushed = ledger.FlushAsync();
            await ledger.DisposeAsync();
        }

        await Assert.ThrowsAsync<LedgerUnavailableException>(() => flushed);
        await _stage.WarningAsync("1 starts and ends of turns could not be written");
    }

    [Theory]
    [InlineData(5)]
    [InlineData(12)]
    [InlineData(31)]
    public async Task A_damaged_page_costs_no_more_than_what_stood_on_it(int page)
    {
        const int Turns = 400;
        await WriteLedgerAsync(Turns);
        Damage(page);

        await using var ledger = await _stage.OpenAsync();
        var warning = Assert.Single(_stage.Warnings);
        Assert.Contains("was damaged. It was moved to", warning, StringComparison.Ordinal);
        var saved = (await ledger.TurnsAsync(new TurnFilter(Limit: 1000))).Length;
        Assert.InRange(saved, Turns - 100, Turns);
        Assert.Contains($" {saved} turns were saved", warning, StringComparison.Ordinal);
        Assert.Equal(10, (await ledger.AgentsAsync(null, 100)).Length);
        Assert.Contains(_stage.Files, file =>
            file.StartsWith("ledger.db.bad-", StringComparison.Ordinal) && !file.EndsWith("-shm", StringComparison.Ordinal)
        );
        Assert.True((await ledger.AcceptAsync(LedgerStage.Turn(Turns + 1), LedgerStage.Request(), null, Now)).IsNew);
    }

    [Fact]
    public async Task Damage_in_a_large_file_is_found_soon_after_the_start_and_dealt_with_at_the_next()
    {
        await WriteLedgerAsync(400);
        Damage(12);
        await using (var ledger = await _stage.OpenAsync(options => options with { CheckedAtOnce = 0, CheckDelay = TimeSpan.Zero }))
        {
            await ledger.Store.Checked.WithinLimit();
            await _stage.WarningAsync("Restart the daemon soon");
        }

        await using var again = await _stage.OpenAsync();
        await _stage.WarningAsync("It was moved to");
        Assert.NotEmpty((await again.TurnsAsync(new TurnFilter())).ToArray());
        Assert.DoesNotContain("ledger.db.damaged", _stage.Files);
    }

    [Fact]
    public async Task A_damaged_file_of_an_older_form_is_saved_too()
    {
        await WriteLedgerAsync(40);
        using (var connection = LedgerFile.Open(_stage.Path, _stage.Options))
        {
            LedgerSql.Execute(connection, "ALTER TABLE turns DROP COLUMN owner");
            LedgerSql.Execute(connection, "ALTER TABLE turns DROP COLUMN prompt");
            LedgerSql.Execute(connection, "ALTER TABLE inbox RENAME COLUMN conversation TO thread");
            LedgerSql.Execute(
                connection,
                "INSERT INTO inbox (inbox, activity, thread, peer, workspace, text, state, received_at, changed_at) "
                    + "VALUES ('w', 'a', 'canvas-w', '', 'w', 'hello', 0, 1, 1)"
            );
            LedgerSql.Execute(connection, "PRAGMA user_version = 2");
        }

        File.WriteAllText(_stage.Path + ".damaged", _stage.Path + ".bad-x");
        File.Move(_stage.Path, _stage.Path + ".bad-x");

        await using var ledger = await _stage.OpenAsync();
        Assert.Equal(40, (await ledger.UnfinishedAsync(TurnOwner.Local)).Length);
        Assert.Equal(
            "canvas-w",
            await ledger.Store.ReadAsync(connection => (string)LedgerSql.Scalar(connection, "SELECT conversation FROM inbox")!)
        );
    }

    [Fact]
    public async Task A_rescue_that_was_cut_off_after_the_file_was_moved_is_finished_at_the_next_start()
    {
        await WriteLedgerAsync(40);
        File.WriteAllText(_stage.Path + ".damaged", _stage.Path + ".bad-x");
        File.Move(_stage.Path, _stage.Path + ".bad-x");
        File.WriteAllText(_stage.Path + ".new", "half of it");

        await using var ledger = await _stage.OpenAsync();
        Assert.Equal(40, (await ledger.UnfinishedAsync(TurnOwner.Local)).Length);
        Assert.All(await ledger.UnfinishedAsync(TurnOwner.Local), turn => Assert.NotNull(turn.Request));
        Assert.DoesNotContain("ledger.db.damaged", _stage.Files);
        Assert.DoesNotContain("ledger.db.new", _stage.Files);
    }

    [Fact]
    public async Task A_rescued_ledger_still_knows_which_request_a_key_belongs_to()
    {
        await using (var before = await _stage.OpenAsync())
        {
            await before.AcceptAsync(LedgerStage.Turn(1), LedgerStage.Request(), "key", Now);
        }

        File.WriteAllText(_stage.Path + ".damaged", _stage.Path + ".bad-x");
        File.Move(_stage.Path, _stage.Path + ".bad-x");

        await using var ledger = await _stage.OpenAsync();
        Assert.True((await ledger.FindByKeyAsync(LedgerStage.Request(), "key"))!.SameRequest);
        var other = await ledger.AcceptAsync(LedgerStage.Turn(2), LedgerStage.Request(text: "something else"), "key", Now);
        Assert.Equal((LedgerStage.Turn(1), false, false), (other.TurnId, other.IsNew, other.SameRequest));
    }

    [Fact]
    public async Task A_damaged_ledger_is_not_moved_while_another_process_has_it_open()
    {
        await (await _stage.OpenAsync()).DisposeAsync();
        using var command = await LedgerChild.StartAsync("accept", _stage.Path);
        var accepted = await command.LineAsync();
        await File.WriteAllTextAsync(_stage.Path + ".damaged", _stage.Path + ".bad-x");

        var refused = await Assert.ThrowsAsync<LedgerUnavailableException>(() => _stage.OpenAsync());

        Assert.Contains(FormattableString.Invariant($"process {command.Pid} "), refused.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(_stage.Path + ".bad-x"));
        await command.KillAsync();
        await using var rescued = await _stage.OpenAsync();
        Assert.True(File.Exists(_stage.Path + ".bad-x"));
        Assert.NotNull(await rescued.FindTurnAsync(TurnId.Parse(accepted)));
    }

    [Fact]
    public async Task A_file_that_is_no_database_is_moved_aside_and_told_of()
    {
        var text = new string('x', 5000);
        File.WriteAllText(_stage.Path, text);

        await using var ledger = await _stage.OpenAsync();
        Assert.Contains("nothing in it could be read", Assert.Single(_stage.Warnings), StringComparison.Ordinal);
        Assert.Equal(text, File.ReadAllText(Assert.Single(Directory.GetFiles(Path.GetDirectoryName(_stage.Path)!, "ledger.db.bad-*"))));
        Assert.True((await ledger.AcceptAsync(LedgerStage.Turn(1), LedgerStage.Request(), null, Now)).IsNew);
    }

    [Fact]
    public async Task A_ledger_of_a_newer_program_is_left_alone()
    {
        await (await _stage.OpenAsync()).DisposeAsync();
        using (var other = LedgerFile.Open(_stage.Path, _stage.Options))
        {
            LedgerSql.Execute(other, "PRAGMA user_version = 99");
        }

        var refused = await Assert.ThrowsAsync<LedgerUnavailableException>(() => _stage.OpenAsync());
        Assert.StartsWith(
            FormattableString.Invariant(
                $"The ledger {_stage.Path} has schema version 99, but this program supports only {LedgerSchema.Version}: "
            ),
            refused.Message,
            StringComparison.Ordinal
        );
        Assert.Equal(["ledger.db"], _stage.Files.Where(file => !file.Contains('-', StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("/proc/ledger.db")]
    [InlineData("/nowhere/at/all/ledger.db")]
    public async Task A_place_where_no_ledger_can_be_is_named(string path)
    {
        var refused = await Assert.ThrowsAsync<LedgerUnavailableException>(() =>
            SqliteLedger.OpenAsync(path, TimeProvider.System, _stage.Warnings.Enqueue)
        );
        Assert.StartsWith($"The ledger {path} cannot be opened", refused.Message, StringComparison.Ordinal);
        Assert.EndsWith("try again.", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_directory_in_the_ledger_s_place_is_named_and_keeps_its_mode()
    {
        Directory.CreateDirectory(_stage.Path);
        var mode = File.GetUnixFileMode(_stage.Path);

        var refused = await Assert.ThrowsAsync<LedgerUnavailableException>(() => _stage.OpenAsync());

        Assert.StartsWith($"The ledger {_stage.Path} cannot be opened", refused.Message, StringComparison.Ordinal);
        Assert.Equal(mode, File.GetUnixFileMode(_stage.Path));
    }

    [Fact]
    public async Task A_file_that_may_only_be_read_is_told_as_that()
    {
        await WriteLedgerAsync(1);
        using var connection = new SqliteConnection(LedgerFile.ForReading(_stage.Options));
        connection.Open();
        var failure = Assert.Throws<SqliteException>(() => LedgerSql.Execute(connection, "DELETE FROM turns"));

        Assert.Equal(
            $"The ledger {_stage.Path} cannot be opened for writing (attempt to write a readonly "
                + "database). Make the file and its directory writable for this user, and try again.",
            LedgerProblem.Describe(failure, _stage.Path).Message
        );
        Assert.True(LedgerProblem.MayPass(failure));
        connection.Close();
        SqliteConnection.ClearPool(connection);
    }

    public void Dispose() => _stage.Dispose();

    private async Task WriteLedgerAsync(int turns)
    {
        await using var ledger = await _stage.OpenAsync();
        await LedgerStage.FillAsync(ledger, turns, agents: 10);
    }

    private void Damage(int page)
    {
        const int PageBytes = 4096;
        using var file = File.OpenHandle(_stage.Path, FileMode.Open, FileAccess.ReadWrite);
        Assert.True(RandomAccess.GetLength(file) > page * PageBytes, "The ledger of the test is too small for this page.");
        RandomAccess.Write(file, Enumerable.Repeat((byte)0xA5, PageBytes).ToArray(), (page - 1L) * PageBytes);
    }
}
