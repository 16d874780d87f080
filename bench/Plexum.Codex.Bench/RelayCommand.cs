using System.Globalization;

namespace Plexum.Codex.Bench;

/// <summary>
/// What codex waits for in every turn with tools of the host's: <c>relay [PROGRAM [RUNS]]</c>. The relay is started as codex does it and
/// reaches the tools of a turn; beside it stands the least server that node can run.
/// </summary>
internal static class RelayCommand
{
    private const int WarmUp = 5;

    public static async Task<int> RunAsync(IReadOnlyList<string> arguments)
    {
        var relay = Path.GetFullPath(arguments.Count > 0 ? arguments[0] : ".build/publish/plexum-codex-mcp-host");
        var runs =
            arguments.Count > 1 && int.TryParse(arguments[1], NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0
                ? number
                : 51;
        if (!File.Exists(relay))
        {
            await Console.Error.WriteLineAsync($"There is no {relay}; ./build.sh publish makes it.");
            return 2;
        }

        var place = Directory.CreateTempSubdirectory("plexum-relay-");
        try
        {
            await using var turn = await TurnWithTools.BeginAsync(place);
            Console.WriteLine(
                $"| MCP server | start to answered initialize, median of {runs} | lowest – highest | peak resident | size of the program |"
            );
            Console.WriteLine("|---|--:|--:|--:|--:|");
            Measure("the relay, compiled ahead of time", new McpStart(relay, [], turn.Variables, SizeOf(relay)), runs);
            var program = Path.Combine(Path.GetDirectoryName(relay)!, "plexum-codex");
            if (File.Exists(program))
            {
                Measure(
                    "the same as a command of the whole program",
                    new McpStart(
                        program,
                        ["mcp-host"],
                        turn.Variables,
                        Directory.EnumerateFiles(Path.GetDirectoryName(relay)!).Sum(SizeOf)
                    ),
                    runs
                );
            }

            if (McpStart.InPath("node") is { } node)
            {
                var server = Path.GetFullPath("bench/node-mcp-server/server.mjs");
                Measure(
                    "a minimal server in node, without packages",
                    new McpStart(node, [server], new Dictionary<string, string>(), SizeOf(node)),
                    runs
                );
            }
        }
        finally
        {
            place.Delete(recursive: true);
        }

        return 0;
    }

    private static long SizeOf(string file) => new FileInfo(file).Length;

    private static void Measure(string title, McpStart start, int runs)
    {
        for (var run = 0; run < WarmUp; run++)
        {
            start.Run();
        }

        var samples = Enumerable.Range(0, runs).Select(_ => start.Run()).ToList();
        var times = samples.Select(sample => sample.ToAnswer.TotalMilliseconds).Order().ToList();
        Console.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"| {title} | **{times[runs / 2]:0.0} ms** | {times[0]:0.0} – {times[^1]:0.0} ms "
                    + $"| {samples.Max(sample => sample.PeakBytes) / 1048576.0:0.0} MiB | {start.Size / 1048576.0:0.0} MiB |"
            )
        );
    }
}
