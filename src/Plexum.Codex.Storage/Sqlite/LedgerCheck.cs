using Microsoft.Data.Sqlite;
using Plexum.Codex.Problems;

namespace Plexum.Codex.Sqlite;

/// <summary>Checks every page of a large database some time after it was opened, so that startup does not wait for that.</summary>
internal sealed class LedgerCheck : IAsyncDisposable
{
    private readonly LedgerOptions _options;
    private readonly CancellationTokenSource _stop = new();

    public LedgerCheck(LedgerOptions options, bool isChecked)
    {
        _options = options;
        Done = isChecked ? Task.CompletedTask : FileWork.Run(RunAsync);
    }

    /// <summary>Completes when the check is done.</summary>
    public Task Done { get; }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await Done.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    private async Task RunAsync()
    {
        await Task.Delay(_options.CheckDelay, _options.Time, _stop.Token).ConfigureAwait(false);
        try
        {
            using var connection = new SqliteConnection(LedgerFile.ForReading(_options));
            connection.Open();
            using var interrupt = _stop.Token.Register(() => SQLitePCL.raw.sqlite3_interrupt(connection.Handle));
            Tell(LedgerFile.FindDamage(connection));
        }
        catch (SqliteException e) when (LedgerProblem.IsDamage(e))
        {
            Tell(LedgerProblem.Text(e));
        }
        catch (SqliteException e) when (!_stop.IsCancellationRequested)
        {
            _options.Warn(
                $"The ledger {_options.Path} could not be checked: {LedgerProblem.Text(e)}. It will be checked again at the next start."
            );
        }
        catch (SqliteException)
        {
            // The ledger is being closed; the next start checks it.
        }
    }

    private void Tell(string? damage)
    {
        if (damage is not null)
        {
            LedgerRescue.Mark(_options);
            _options.Begins(
                ProblemKinds.LedgerDamaged,
                $"The ledger {_options.Path} is damaged ({damage}). Restart the daemon soon: "
                    + "it moves the file aside and saves what can be read."
            );
        }
    }
}
