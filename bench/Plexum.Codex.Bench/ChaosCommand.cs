using System.Diagnostics;
using System.Globalization;
using Plexum.Codex.Chaos;

namespace Plexum.Codex.Bench;

/// <summary>
/// The chaos test in full size: <c>chaos [--backend exec|app-server] [AGENTS TURNS KILLS [SEED]]</c>, or in rounds
/// (<see cref="RoundsCommand"/>).
/// </summary>
internal static class ChaosCommand
{
    public static async Task<int> RunAsync(IReadOnlyList<string> arguments)
    {
        if (arguments.Contains("--rounds"))
        {
            return await RoundsCommand.RunAsync(arguments);
        }

        var backend = "exec";
        if (arguments is ["--backend", "exec" or "app-server", ..])
        {
            (backend, arguments) = (arguments[1], [.. arguments.Skip(2)]);
        }

        var numbers = arguments
            .Select(text => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : -1)
            .ToList();
        if (numbers.Contains(-1) || numbers.Count is not (0 or 3 or 4))
        {
            await Console.Error.WriteLineAsync(
                "usage: chaos [--backend exec|app-server] [AGENTS TURNS KILLS [SEED]], or chaos --rounds N …"
            );
            return 2;
        }

        var (agents, turns, kills) = numbers.Count == 0 ? (200, 2000, 20) : (numbers[0], numbers[1], numbers[2]);
        var seed = numbers.Count == 4 ? numbers[3] : Random.Shared.Next(1_000_000);
        var place = Directory.CreateTempSubdirectory("plexum-chaos-");
        try
        {
            Console.WriteLine($"{agents} agents, {turns} turns with {backend}, {kills} kills, seed {seed}");
            var clock = Stopwatch.StartNew();
            var options = new ChaosOptions(agents, turns, kills, seed)
            {
                Limit = TimeSpan.FromMinutes(30),
                Settings = [$"codex.backend={backend}"],
            };
            var report = await ChaosRun.RunAsync(
                options,
                new ScriptedCodex(place.FullName, pause: 30),
                place.CreateSubdirectory("profile").FullName
            );
            Console.WriteLine(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{report.Turns} turns, {report.Kills} kills, {report.Events} events over {report.Connections} "
                        + $"streams in {clock.Elapsed.TotalSeconds:0} s; {report.Faults.Count} faults"
                )
            );
            foreach (var fault in report.Faults.Take(50))
            {
                Console.WriteLine($"  {fault}");
            }

            return report.Faults.Count == 0 ? 0 : 1;
        }
        finally
        {
            place.Delete(recursive: true);
        }
    }
}
