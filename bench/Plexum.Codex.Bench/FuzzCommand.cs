using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;
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
        var numbers = arguments.Select(text => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : -1).ToList();
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
            await using var daemon = new ChaosDaemon(profile, new ScriptedCodex(place.FullName, pause: 0), ["api.max-body=4096"]);
            await daemon.StartAsync(CancellationToken.None);
            return await RunAsync(daemon, Path.Combine(profile, "plexum-codex.sock"), requests, seed) ? 0 : 1;
        }
        finally
        {
            place.Delete(recursive: true);
        }
    }

    private static async Task<bool> RunAsync(ChaosDaemon daemon, string socket, int requests, int seed)
    {
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{requests} requests, seed {seed}"));
        var turn = await RunTurnAsync(daemon);
        var faults = 0;
        Console.WriteLine("| requests | seconds | answers of 500 and more | resident |");
        Console.WriteLine("|--:|--:|--:|--:|");
        for (var round = 0; round < Rounds; round++)
        {
            var clock = Stopwatch.StartNew();
            var parts = await Task.WhenAll(Enumerable.Range(0, Connections).Select(
                part => Task.Run(() => SendAsync(socket, new FuzzRequests(seed + (round * Connections) + part, turn), requests / Rounds / Connections))));
            faults += parts.Sum();
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| {requests / Rounds * (round + 1)} | {clock.Elapsed.TotalSeconds:0.0} | {faults} | {Resident(daemon) / 1048576.0:0.0} MiB |"));
        }

        using var ready = await daemon.Client.GetAsync(new Uri("/readyz", UriKind.Relative));
        Console.WriteLine(ready.IsSuccessStatusCode ? "The daemon still takes turns." : "The daemon takes no more turns.");
        return faults == 0 && ready.IsSuccessStatusCode;
    }

    private static async Task<string> RunTurnAsync(ChaosDaemon daemon)
    {
        var body = new { messages = new[] { new { role = "user", content = "hello" } } };
        using var answer = await daemon.Client.PostAsJsonAsync(new Uri("/v1/agents/alice/turns", UriKind.Relative), body);
        using var json = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        var turn = json.RootElement.GetProperty("turn_id").GetString()!;
        await new TurnReader(daemon, turn, () => { }).RunAsync(CancellationToken.None);
        return turn;
    }

    // 505 is the right answer to a version of HTTP that there is not.
    private static async Task<int> SendAsync(string path, FuzzRequests requests, int count)
    {
        var faults = 0;
        for (var number = 0; number < count; number++)
        {
            var request = requests.Next();
            var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(path));
            var answer = await request.SendAsync(socket, Limit);
            if (answer.Length > 12 && answer[9] == '5' && !answer.AsSpan(9, 3).SequenceEqual("505"))
            {
                faults++;
                Console.WriteLine($"{request}\n{answer}");
            }
        }

        return faults;
    }

    private static long Resident(ChaosDaemon daemon)
    {
        using var process = Process.GetProcessById(daemon.ProcessId);
        return process.WorkingSet64;
    }
}
