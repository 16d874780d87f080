using System.Globalization;
using Plexum.Codex.Ledger;
using Plexum.Codex.Requests;
using Plexum.Codex.Sqlite.Ledger;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Bench;

/// <summary>What it costs to take a turn in durably, and to open a ledger that has seen much.</summary>
internal static class LedgerRows
{
    private const int Accepts = 2000;
    private const int OldTurns = 100_000;
    private const int OldAgents = 10_000;

    // Made once for the process and opened in every round.
    private static readonly Lazy<string> OldLedger = new(() =>
    {
        var directory = Directory.CreateTempSubdirectory("plexum-codex-bench-").FullName;
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(directory, recursive: true);
        FillAsync(Path.Combine(directory, "ledger.db")).GetAwaiter().GetResult();
        return Path.Combine(directory, "ledger.db");
    });

    public static IEnumerable<Row> All =>
        [
            new Row("accept-1", "a turn accepted into the ledger, one caller", 0, () => AcceptAsync(1).GetAwaiter().GetResult()),
            new Row("accept-64", "the same, 64 callers at once", 0, () => AcceptAsync(64).GetAwaiter().GetResult()),
            new Row("ledger-open", "opening a ledger of 100,000 ended turns and 10,000 agents, to its first accepted turn", 0, () =>
                OpenAsync().GetAwaiter().GetResult()
            ),
        ];

    private static async Task<long> AcceptAsync(int callers)
    {
        var directory = Directory.CreateTempSubdirectory("plexum-codex-bench-");
        try
        {
            await using var ledger = await OpenAsync(Path.Combine(directory.FullName, "ledger.db"));
            await Task.WhenAll(
                Enumerable
                    .Range(0, callers)
                    .Select(caller =>
                        Task.Run(async () =>
                        {
                            for (var i = 0; i < Accepts / callers; i++)
                            {
                                await ledger.AcceptAsync(TurnId.New(TimeProvider.System), Request(caller), null, DateTimeOffset.UtcNow);
                            }
                        })
                    )
            );
            return Accepts / callers * callers;
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    private static async Task<long> OpenAsync()
    {
        await using var ledger = await OpenAsync(OldLedger.Value);
        var turn = TurnId.New(TimeProvider.System);
        await ledger.UnfinishedAsync(TurnOwner.Local);
        await ledger.AcceptAsync(turn, Request(0), null, DateTimeOffset.UtcNow);
        ledger.Ended(turn, new TurnOutcome(DateTimeOffset.UtcNow, StopReason.EndTurn));
        return 1;
    }

    private static async Task FillAsync(string path)
    {
        await using var ledger = await OpenAsync(path);
        foreach (var numbers in Enumerable.Range(0, OldTurns).Chunk(1000))
        {
            var turns = numbers.Select(number => (Id: TurnId.New(TimeProvider.System), Request: Request(number % OldAgents))).ToArray();
            await Task.WhenAll(turns.Select(turn => ledger.AcceptAsync(turn.Id, turn.Request, null, DateTimeOffset.UtcNow)));
            foreach (var turn in turns)
            {
                ledger.Ended(turn.Id, new TurnOutcome(DateTimeOffset.UtcNow, StopReason.EndTurn, new Usage(10, 10, 10, 10)));
            }
        }
    }

    private static Task<SqliteLedger> OpenAsync(string path) => SqliteLedger.OpenAsync(path, TimeProvider.System, Console.Error.WriteLine);

    private static TurnRequest Request(int agent) =>
        new(
            AgentId.Parse("agent-" + agent.ToString(CultureInfo.InvariantCulture)),
            "/workspace",
            null,
            [TurnMessage.User("Say what is in this directory.")]
        );
}
