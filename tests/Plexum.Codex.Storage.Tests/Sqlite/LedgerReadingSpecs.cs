using Microsoft.Data.Sqlite;
using Plexum.Codex.Ledger;
using Plexum.Codex.Sqlite.Ledger;
using Plexum.Codex.Turns;
using Xunit;

namespace Plexum.Codex.Sqlite;

/// <summary>A ledger on a disk that is full or mounted read-only. Instead, something stands where its index would have to be.</summary>
public sealed class LedgerReadingSpecs : IDisposable
{
    private readonly LedgerStage _stage = new();

    public void Dispose() => _stage.Dispose();

    [Fact]
    public async Task It_is_read_and_a_write_is_refused()
    {
        await using (var ledger = await _stage.OpenAsync())
        {
            await LedgerStage.FillAsync(ledger, 3);
        }

        Directory.CreateDirectory(_stage.Path + "-shm");
        await using var history = await SqliteLedger.LookAsync(_stage.Path, TimeProvider.System, _stage.Warnings.Enqueue).WithinLimit();

        Assert.Equal(3, (await history.TurnsAsync(new TurnFilter())).Length);
        Assert.Equal(TurnState.Queued, (await history.FindTurnAsync(LedgerStage.Turn(1)))!.State);
        await Assert.ThrowsAsync<LedgerUnavailableException>(() =>
            history.AcceptAsync(LedgerStage.Turn(9), LedgerStage.Request(), null, LedgerStage.Now)
        );
    }

    [Fact]
    public async Task One_whose_log_has_more_than_the_file_is_not_read_as_if_that_were_all()
    {
        await using (var ledger = await _stage.OpenAsync())
        {
            await LedgerStage.FillAsync(ledger, 1);
        }

        await File.WriteAllTextAsync(_stage.Path + "-wal", "what a process has left that was killed");
        Directory.CreateDirectory(_stage.Path + "-shm");

        await Assert.ThrowsAsync<LedgerUnavailableException>(() =>
            SqliteLedger.LookAsync(_stage.Path, TimeProvider.System, _stage.Warnings.Enqueue).WithinLimit()
        );
    }

    [Fact]
    public void A_full_disk_is_called_so_whatever_fails_on_it()
    {
        var full = LedgerProblem.Describe(new IOException("No space left on device", 28), _stage.Path);
        var other = LedgerProblem.Describe(new IOException("Read-only file system", 30), _stage.Path);
        var disk = LedgerProblem.Describe(new SqliteException("SQLite Error 10: 'disk I/O error'.", 10), _stage.Path);

        Assert.Contains("is full", full.Message, StringComparison.Ordinal);
        Assert.Contains("Read-only file system", other.Message, StringComparison.Ordinal);
        Assert.Contains("disk I/O error", disk.Message, StringComparison.Ordinal);
    }
}
