using System.Diagnostics;
using System.Globalization;
using Plexum.Codex.Chaos;
using Plexum.Codex.Ledger;
using Plexum.Codex.Requests;
using Plexum.Codex.Sqlite.Ledger;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Bench;

/// <summary>
/// What the daemon costs: from its start to the first accepted turn, and its memory and processor time with nothing to do, without
/// agents and with many that are known from the ledger: <c>daemon [AGENTS [PROGRAM]]</c>. The program is the one that was built with the
/// benchmark, or for example the published one.
/// </summary>
internal static class DaemonCommand
{
    private const int Starts = 7;
    private static readonly TimeSpan Watched = TimeSpan.FromSeconds(20);

    public static async Task<int> RunAsync(int agents, string? program)
    {
        Console.WriteLine("| daemon | start to ready | start to first accepted turn | resident | processor time while idle |");
        Console.WriteLine("|---|--:|--:|--:|--:|");
        await MeasureAsync("empty", 0, program);
        await MeasureAsync(string.Create(CultureInfo.InvariantCulture, $"{agents} known agents"), agents, program);
        return 0;
    }

    private static async Task MeasureAsync(string title, int agents, string? program)
    {
        var place = Directory.CreateTempSubdirectory("plexum-daemon-");
        try
        {
            var profile = place.CreateSubdirectory("profile").FullName;
            await FillAsync(profile, agents);
            var codex = new ScriptedCodex(place.FullName, pause: 0);
            var (ready, accepted) = (new List<double>(), new List<double>());
            for (var number = 0; number < Starts; number++)
            {
                await using var daemon = New(profile, codex, program);
                var clock = Stopwatch.StartNew();
                await daemon.StartAsync();
                ready.Add(clock.Elapsed.TotalMilliseconds);
                await daemon.Api.SubmitAsync("hello", "first");
                accepted.Add(clock.Elapsed.TotalMilliseconds);
            }

            var (memory, processor) = await IdleAsync(profile, codex, program);
            Console.WriteLine(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"| {title} | {Median(ready):0} ms | {Median(accepted):0} ms | {memory / 1048576.0:0.0} MiB "
                        + $"| {processor.TotalMilliseconds:0} ms in {Watched.TotalSeconds:0} s |"
                )
            );
        }
        finally
        {
            place.Delete(recursive: true);
        }
    }

    private static async Task FillAsync(string profile, int agents)
    {
        await using var ledger = await SqliteLedger.OpenAsync(
            Path.Combine(profile, "ledger.db"),
            TimeProvider.System,
            Console.Error.WriteLine
        );
        var now = DateTimeOffset.UtcNow;
        await Parallel.ForEachAsync(Enumerable.Range(0, agents), async (number, cancellation) =>
        {
            var turn = TurnId.New(TimeProvider.System);
            var agent = AgentId.Parse(string.Create(CultureInfo.InvariantCulture, $"agent-{number}"));
            await ledger.AcceptAsync(turn, new TurnRequest(agent, "/nowhere", null, [TurnMessage.User("hello")]), null, now, cancellation);
            ledger.Started(turn, now);
            ledger.Ended(turn, new TurnOutcome(now, StopReason.EndTurn, new Usage(1, 1, 0, 0)));
        });
        await ledger.FlushAsync();
    }

    private static async Task<(long Memory, TimeSpan Processor)> IdleAsync(string profile, ScriptedCodex codex, string? program)
    {
        await using var daemon = New(profile, codex, program);
        await daemon.StartAsync();
        await daemon.Api.GetAsync("/v1/agents");
        await Task.Delay(TimeSpan.FromSeconds(5));
        var before = ProcessProbe.ProcessorTimeOf(daemon.Id);
        await Task.Delay(Watched);
        return (ProcessProbe.ResidentBytesOf(daemon.Id), ProcessProbe.ProcessorTimeOf(daemon.Id) - before);
    }

    private static DaemonProcess New(string profile, IChaosCodex codex, string? program) =>
        new(profile, () => codex.Environment(profile))
        {
            Program = program is null ? ProgramProcess.PlexumCodex : Path.GetFullPath(program),
        };

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);
}
