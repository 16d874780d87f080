using System.Diagnostics;
using System.Globalization;
using Plexum.Codex.Inbox;
using Plexum.Codex.Ledger;
using Plexum.Codex.Sqlite.Inbox;
using Plexum.Codex.Sqlite.Ledger;
using Plexum.Codex.Turns;
using Xunit;

namespace Plexum.Codex.Sqlite;

/// <summary>A process of its own with a ledger open: this test assembly, started as a program.</summary>
internal sealed class LedgerChild : IDisposable
{
    private readonly Process _process;

    private LedgerChild(Process process) => _process = process;

    public int Pid => _process.Id;

    /// <summary>
    /// Starts <c>accept PATH</c>, which accepts turns and prints each one's id once it was; <c>receive PATH</c>, which does that with
    /// messages of an inbox; or <c>lock PATH</c>.
    /// </summary>
    public static Task<LedgerChild> StartAsync(string what, string path)
    {
        var start = new ProcessStartInfo("dotnet", [typeof(LedgerChild).Assembly.Location, what, path]) { RedirectStandardOutput = true };
        return Task.FromResult(new LedgerChild(Process.Start(start)!));
    }

    public async Task<string> LineAsync() =>
        await _process.StandardOutput.ReadLineAsync().WaitAsync(Limits.Wait) ?? throw new InvalidOperationException("The child ended.");

    /// <summary>Kills it and returns what else it had printed.</summary>
    public async Task<IReadOnlyList<string>> KillAsync()
    {
        _process.Kill();
        var rest = await _process.StandardOutput.ReadToEndAsync().WithinLimit();
        await _process.WaitForExitAsync().WithinLimit();

        // A last line without its end was cut off by the death.
        return rest.Split('\n')[..^1];
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        _process.Dispose();
    }

    /// <summary>What the child does.</summary>
    public static async Task<int> RunAsync(string what, string path)
    {
        if (what == "lock")
        {
            SQLitePCL.Batteries_V2.Init();
            using var connection = LedgerFile.Open(path, new LedgerOptions(path, TimeProvider.System, Console.Error.WriteLine));
            LedgerSql.Execute(connection, "PRAGMA locking_mode = EXCLUSIVE");
            LedgerSql.Execute(connection, "BEGIN EXCLUSIVE");
            LedgerSql.Execute(connection, "DELETE FROM requests");
            Console.WriteLine("locked");
            await Task.Delay(Timeout.Infinite);
        }

        await using var ledger = await SqliteLedger.OpenAsync(path, TimeProvider.System, Console.Error.WriteLine);
        if (what == "receive")
        {
            await ReceiveAsync(new SqliteInboxJournal(ledger.Store, "w"));
        }

        var first = (await ledger.TurnsAsync(new TurnFilter(Limit: 1))).FirstOrDefault()?.Number ?? 0;
        var output = Console.Out;
        await Task.WhenAll(
            Enumerable
                .Range(1, 8)
                .Select(caller =>
                    Task.Run(async () =>
                    {
                        for (var next = 0; ; next++)
                        {
                            var turn = TurnId.Parse(string.Create(CultureInfo.InvariantCulture, $"t-{first}-{caller}-{next}"));
                            await ledger.AcceptAsync(
                                turn,
                                LedgerStage.Request("agent-" + caller.ToString(CultureInfo.InvariantCulture)),
                                null,
                                LedgerStage.Now
                            );
                            lock (output)
                            {
                                output.WriteLine(turn.Value);
                                output.Flush();
                            }

                            if (next % 3 == 0)
                            {
                                ledger.Started(turn, LedgerStage.Now);
                                ledger.Ended(turn, new TurnOutcome(LedgerStage.Now, StopReason.EndTurn));
                            }
                        }
                    })
                )
        );
        return 0;
    }

    // Prints R when a message is taken in, K when its reply is kept and D when it is delivered, each once that is durable.
    private static async Task ReceiveAsync(SqliteInboxJournal journal)
    {
        var output = Console.Out;
        var run = Guid.NewGuid().ToString("N");
        await Task.WhenAll(
            Enumerable
                .Range(1, 8)
                .Select(thread =>
                    Task.Run(async () =>
                    {
                        var agent = AgentId.Parse(string.Create(CultureInfo.InvariantCulture, $"canvas-{run[..8]}-{thread}"));
                        for (var next = 0; ; next++)
                        {
                            var id = string.Create(CultureInfo.InvariantCulture, $"{run}-{thread}-{next}");
                            await journal.ReceiveAsync([new InboxArrival(id, new InboxChat(agent, "", "w", "text"))], LedgerStage.Now);
                            Print("R " + id);
                            await journal.KeepReplyAsync(id, "reply to " + id, LedgerStage.Now);
                            Print("K " + id);
                            if (next % 2 == 0)
                            {
                                await journal.DeliveredAsync(id, LedgerStage.Now);
                                Print("D " + id);
                            }
                        }
                    })
                )
        );

        void Print(string line)
        {
            lock (output)
            {
                output.WriteLine(line);
                output.Flush();
            }
        }
    }
}
