using System.Diagnostics;
using System.Text.Json;
using Plexum.ActorKernel.Bench.Results;

namespace Plexum.ActorKernel.Bench;

/// <summary>The outer process: starts this program again for every measurement of every row and gathers the figures.</summary>
internal static class Harness
{
    public static async Task<int> RunAsync(Options options)
    {
        var measured = new List<MeasuredRow>();
        foreach (var row in options.Rows)
        {
            var processes = new List<RowOutput>();
            for (var i = 0; i < options.Processes; i++)
            {
                Console.Error.WriteLine($"{row.Name} {i + 1}/{options.Processes}");
                processes.Add(await MeasureAsync(row, options));
            }

            measured.Add(MeasuredRow.Of(row, options, processes));
        }

        var results = ResultFile.Of(options, measured);
        Console.Write(ResultTable.Of(results));
        if (options.Out is { } file)
        {
            results.Save(file);
        }

        return 0;
    }

    private static async Task<RowOutput> MeasureAsync(Row row, Options options)
    {
        var start = SelfStart(["row", row.Name, .. options.Smoke ? (string[])["--smoke"] : []]);
        using var process = Process.Start(start)!;
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
        {
            throw new BenchException($"The process that measured '{row.Name}' ended with code {process.ExitCode}; it printed: {output}");
        }

        var line = output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).LastOrDefault() ?? "";
        return JsonSerializer.Deserialize<RowOutput>(line)!;
    }

    private static ProcessStartInfo SelfStart(IEnumerable<string> arguments)
    {
        var self = Environment.ProcessPath!;
        var isHost = Path.GetFileNameWithoutExtension(self).Equals("dotnet", StringComparison.OrdinalIgnoreCase);
        return new ProcessStartInfo(self, isHost ? [Environment.GetCommandLineArgs()[0], .. arguments] : arguments)
        {
            RedirectStandardOutput = true,
        };
    }
}
