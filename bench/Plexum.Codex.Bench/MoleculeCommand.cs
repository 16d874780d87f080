using System.Diagnostics;
using System.Globalization;
using Plexum.Codex.Chaos;

namespace Plexum.Codex.Bench;

/// <summary>
/// The molecule channel under load, its platform failing one request in five: <c>molecule [CONVERSATIONS MESSAGES [SEED]]</c>.
/// </summary>
internal static class MoleculeCommand
{
    public static async Task<int> RunAsync(IReadOnlyList<string> arguments)
    {
        var numbers = arguments
            .Select(text => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : -1)
            .ToList();
        if (numbers.Contains(-1) || numbers.Count is not (0 or 2 or 3) || numbers.FirstOrDefault(1) == 0)
        {
            await Console.Error.WriteLineAsync("usage: molecule [CONVERSATIONS MESSAGES [SEED]]");
            return 2;
        }

        var (conversations, messages) = numbers.Count == 0 ? (200, 5000) : (numbers[0], numbers[1]);
        var seed = numbers.Count == 3 ? numbers[2] : Random.Shared.Next(1_000_000);
        var place = Directory.CreateTempSubdirectory("plexum-molecule-");
        try
        {
            Console.WriteLine($"{conversations} conversations, {messages} messages, seed {seed}");
            var clock = Stopwatch.StartNew();
            var report = await MoleculeRun.RunAsync(new MoleculeOptions(conversations, messages, seed), place.FullName);
            Console.WriteLine(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{report.Answered} answers, {report.Requests} requests of which {report.Failed} failed, "
                        + $"{clock.Elapsed.TotalSeconds:0} s; {report.Faults.Count} faults"
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
