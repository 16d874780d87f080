using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.Data.Sqlite;
using Plexum.Codex.Ledger;
using Plexum.Codex.Requests;
using Plexum.Codex.Sqlite;
using Plexum.Codex.Sqlite.Ledger;
using Plexum.Codex.Turns;
using Xunit;

namespace Plexum.Codex.TestSupport;

/// <summary>A ledger in a directory of its own, and what it warned of.</summary>
internal sealed class LedgerStage : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public string Path => _directory.File("ledger.db");

    public ConcurrentQueue<string> Warnings { get; } = [];

    public static DateTimeOffset Now { get; } = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    public LedgerOptions Options => new(Path, TimeProvider.System, Warnings.Enqueue) { BusyLimit = TimeSpan.FromMilliseconds(200) };

    public Task<SqliteLedger> OpenAsync(Func<LedgerOptions, LedgerOptions>? change = null) =>
        SqliteLedger.OpenAsync(change is null ? Options : change(Options)).WithinLimit();

    /// <summary>The files in the directory, by name.</summary>
    public IEnumerable<string> Files =>
        Directory.GetFiles(_directory.Root).Select(file => System.IO.Path.GetFileName(file)).Order(StringComparer.Ordinal);

    public static TurnId Turn(int number) => TurnId.Parse(string.Create(CultureInfo.InvariantCulture, $"turn-{number:d6}"));

    public static AgentId Agent(string name) => AgentId.Parse(name);

    public static TurnRequest Request(string agent = "ana", string text = "hello") =>
        new(Agent(agent), "/w/" + agent, "gpt-5", [TurnMessage.User(text)]);

    public static async Task FillAsync(ITurnLedger ledger, int turns, int agents = 1)
    {
        await Task.WhenAll(
                Enumerable
                    .Range(1, turns)
                    .Select(i =>
                        ledger.AcceptAsync(Turn(i), Request("agent-" + (i % agents).ToString(CultureInfo.InvariantCulture)), null, Now)
                    )
            )
            .WithinLimit();
    }

    /// <summary>
    /// Until the result is disposed, nothing can be added to the ledger. What it has can be read: none of it is in the file that is full.
    /// </summary>
    public IDisposable FillDisk()
    {
        using (var connection = new SqliteConnection($"Data Source={Path};Pooling=False"))
        {
            connection.Open();
            LedgerSql.Execute(connection, "PRAGMA wal_checkpoint(TRUNCATE)");
        }

        return FullDisk.FillForAWhile(Path + "-wal");
    }

    public async Task<string> WarningAsync(string part)
    {
        using var late = new CancellationTokenSource(Limits.Wait);
        while (true)
        {
            if (Warnings.FirstOrDefault(warning => warning.Contains(part, StringComparison.Ordinal)) is { } found)
            {
                return found;
            }

            Assert.False(late.IsCancellationRequested, $"No warning says \"{part}\"; there are: {string.Join(" | ", Warnings)}");
            await Task.Yield();
        }
    }

    public void Dispose() => _directory.Dispose();
}
