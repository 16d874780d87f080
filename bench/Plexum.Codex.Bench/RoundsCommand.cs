using System.Diagnostics;
using System.Globalization;
using Plexum.Codex.Chaos.Rounds;
using Plexum.Codex.LoopbackModel.Codex;
using Plexum.Codex.Options;

namespace Plexum.Codex.Bench;

/// <summary>
/// Kills the daemon, codex's app-server or both in every moment of a turn:
/// <c>chaos --rounds N [--backend exec|app-server] [--codex pinned|newest|fake] [--moments M,…] [--seed N]</c>.
/// </summary>
internal static class RoundsCommand
{
    private const string Usage =
        "usage: chaos --rounds N [--backend exec|app-server] [--codex pinned|newest|fake] [--moments M,…] [--seed N]";

    public static async Task<int> RunAsync(IReadOnlyList<string> arguments)
    {
        if (Read(arguments) is not var (options, codexName))
        {
            await Console.Error.WriteLineAsync(
                $"{Usage}; the moments are {string.Join(", ", Enum.GetNames<KillMoment>()).ToLowerInvariant()}"
            );
            return 2;
        }

        var place = Directory.CreateTempSubdirectory("plexum-rounds-");
        Console.WriteLine($"{options.Rounds} rounds, backend {options.Backend.ToWireName()}, codex {codexName}, seed {options.Seed}");
        var clock = Stopwatch.StartNew();
        await using var codex = await CodexAsync(codexName, place.FullName);
        var report = await RoundsRun.RunAsync(options, codex, place.FullName, Console.WriteLine);
        Console.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{report.Rounds} kills, {report.Turns} turns, of which {report.Lost} were lost, {clock.Elapsed.TotalSeconds:0} s; "
                    + $"{report.Faults.Count} faults"
            )
        );
        if (report.Faults.Count > 0)
        {
            Console.WriteLine($"{place.FullName} is kept.");
            return 1;
        }

        place.Delete(recursive: true);
        return 0;
    }

    private static async Task<IRoundsCodex> CodexAsync(string name, string place) =>
        name switch
        {
            "fake" => new FakeRoundsCodex(place),
            "newest" => await RealRoundsCodex.StartAsync(place, PinnedCodex.Require(version: PinnedCodex.Newest)),
            _ => await RealRoundsCodex.StartAsync(place, PinnedCodex.Require()),
        };

    private static (RoundsOptions Options, string Codex)? Read(IReadOnlyList<string> arguments)
    {
        var options = new RoundsOptions(BackendKind.AppServer, 0, Random.Shared.Next(1_000_000));
        var codex = "pinned";
        for (var at = 0; at + 1 < arguments.Count; at += 2)
        {
            var value = arguments[at + 1];
            var isNumber = int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number);
            switch (arguments[at])
            {
                case "--rounds" when isNumber:
                    options = options with { Rounds = number };
                    break;
                case "--seed" when isNumber:
                    options = options with { Seed = number };
                    break;
                case "--backend" when BackendKinds.TryParse(value, out var backend) && backend != BackendKind.Auto:
                    options = options with { Backend = backend };
                    break;
                case "--codex" when value is "pinned" or "newest" or "fake":
                    codex = value;
                    break;
                case "--moments" when MomentsOf(value) is { } moments:
                    options = options with { Moments = moments };
                    break;
                default:
                    return null;
            }
        }

        return arguments.Count % 2 == 0 && options.Rounds > 0 ? (options, codex) : null;
    }

    private static List<KillMoment>? MomentsOf(string names)
    {
        var moments = new List<KillMoment>();
        foreach (var name in names.Split(','))
        {
            if (!Enum.TryParse<KillMoment>(name, ignoreCase: true, out var moment))
            {
                return null;
            }

            moments.Add(moment);
        }

        return moments;
    }
}
