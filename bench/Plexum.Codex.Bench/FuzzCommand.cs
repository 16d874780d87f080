using System.Diagnostics;
using System.Globalization;
using Plexum.Codex.Chaos;

namespace Plexum.Codex.Bench;

/// <summary>Random requests to a daemon in full size: <c>fuzz [REQUESTS [SEED]]</c>.</summary>
internal static class FuzzCommand
{
    private const int Connections = 4;
    private const int Rounds = 5;
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);

    public static async Task<int> RunAsync(IReadOnlyList<string> arguments)
    {
        var numbers = arguments
            .Select(text => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : -1)
            .ToList();
        if (numbers.Contains(-1) || numbers.Count > 2)
        {
            await Console.Error.WriteLineAsync("usage: fuzz [REQUESTS [SEED]]");
            return 2;
        }

        var requests = numbers.Count > 0 ? numbers[0] : 100_000;
        var seed = numbers.Count > 1 ? numbers[1] : Random.Shared.Next(1_000_000);
        var place = Directory.CreateTempSubdirectory("plexum-fuzz-");
        try
        {
            var profile = place.CreateSubdirectory("profile").FullName;
            IChaosCodex codex = new ScriptedCodex(place.FullName, pause: 0);
            await using var daemon = new DaemonProcess(profile, () => codex.Environment(profile));
            await daemon.StartAsync("api.max-body=4096");
            return await RunAsync(daemon, requests, seed) ? 0 : 1;
        }
        finally
        {
            place.Delete(recursive: true);
        }
    }

    private static async Task<bool> RunAsync(DaemonProcess daemon, int requests, int seed)
    {
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{requests} requests, seed {seed}"));
        var turn = await daemon.Api.SubmitAsync("hello");
        await daemon.Api.EventsAsync(turn);
        var faults = 0;
        Console.WriteLine("| requests | seconds | answers of 500 and more | resident |");
        Console.WriteLine("|--:|--:|--:|--:|");
        for (var round = 0; round < Rounds; round++)
        {
            var clock = Stopwatch.StartNew();
            var parts = await Task.WhenAll(
                Enumerable
                    .Range(0, Connections)
                    .Select(part =>
                        Task.Run(() =>
                            SendAsync(
                                daemon.Api,
                                new FuzzRequests(seed + (round * Connections) + part, turn),
                                requests / Rounds / Connections
                            )
                        )
                    )
            );
            faults += parts.Sum();
            var resident = ProcessProbe.ResidentBytesOf(daemon.Id) / 1048576.0;
            Console.WriteLine(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"| {requests / Rounds * (round + 1)} | {clock.Elapsed.TotalSeconds:0.0} | {faults} | {resident:0.0} MiB |"
                )
            );
        }

        var isReady = await daemon.Api.IsReadyAsync();
        Console.WriteLine(isReady ? "The daemon still takes turns." : "The daemon takes no more turns.");
        return faults == 0 && isReady;
    }

    // 505 is the right answer to a version of HTTP that there is not.
    private static async Task<int> SendAsync(DaemonApi api, FuzzRequests requests, int count)
    {
        var faults = 0;
        for (var number = 0; number < count; number++)
        {
            var request = requests.Next();
            var answer = await request.SendAsync(await api.ConnectAsync(), Limit);
            if (answer.Length > 12 && answer[9] == '5' && !answer.AsSpan(9, 3).SequenceEqual("505"))
            {
                faults++;
                Console.WriteLine($"{request}\n{answer}");
            }
        }

        return faults;
    }
}
