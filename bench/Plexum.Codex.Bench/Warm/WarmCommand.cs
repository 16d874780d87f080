using Plexum.Codex.Bench.Warm.Drivers;
using Plexum.Codex.Bench.Warm.Parts;
using Plexum.Codex.Bench.Warm.Stage;

namespace Plexum.Codex.Bench.Warm;

/// <summary>
/// What a warm codex is worth: this program with its two backends, codex itself without anybody between, and other programs that drive
/// codex, all with one codex and one model on loopback: <c>warm [OPTIONS] [PART]…</c>.
/// </summary>
internal static class WarmCommand
{
    private static readonly string[] Parts = ["turn", "many", "first", "cancel", "lru", "idle", "deltas"];

    public static async Task<int> RunAsync(IReadOnlyList<string> arguments)
    {
        if (WarmOptions.Read(arguments, Parts) is not { } options)
        {
            await Console.Error.WriteLineAsync($"usage: {WarmOptions.Usage}");
            return 2;
        }

        using var model = await ModelProcess.StartAsync();
        using var stage = new WarmStage(options, model);
        Console.WriteLine($"program: {options.Program}");
        Console.WriteLine($"codex:   {options.Codex}");
        foreach (var part in options.Parts.Count == 0 ? Parts : options.Parts)
        {
            await RunAsync(stage, part);
        }

        return 0;
    }

    private static async Task RunAsync(WarmStage stage, string part)
    {
        switch (part)
        {
            case "many":
                await ManyPart.RunAsync(stage, DriversOf(stage));
                break;
            case "lru":
                await MemoryPart.RunAsync(stage);
                break;
            case "idle":
                await IdlePart.RunAsync(stage);
                break;
            case "deltas":
                await DeltaPart.RunAsync(stage);
                break;
            default:
                await TogetherAsync(stage, part);
                break;
        }
    }

    private static async Task TogetherAsync(WarmStage stage, string part)
    {
        var drivers = DriversOf(stage).Select(open => open()).ToArray();
        try
        {
            foreach (var driver in drivers)
            {
                await driver.StartAsync();
            }

            await (
                part switch
                {
                    "turn" => TurnPart.RunAsync(stage, drivers),
                    "first" => FirstTextPart.RunAsync(stage, drivers),
                    _ => CancelPart.RunAsync(stage, drivers),
                }
            );
        }
        finally
        {
            foreach (var driver in drivers)
            {
                await driver.DisposeAsync();
            }
        }
    }

    private static List<Func<IDriver>> DriversOf(WarmStage stage)
    {
        var all = new List<(string Name, Func<IDriver> Open)>
        {
            ("app-server", () => new DaemonDriver(stage, "app-server")),
            ("server", () => new ServerDriver(stage)),
            ("exec", () => new DaemonDriver(stage, "exec")),
            ("bare", () => new ExecDriver(stage)),
        };
        if (PeerDriver.Folder is null)
        {
            Console.Error.WriteLine("The other programs are not installed; run npm ci in bench/peers to measure them too.");
        }
        else
        {
            all.Add(("codex-sdk", () => new PeerDriver(stage, "codex-sdk", "@openai/codex-sdk", isWarm: false)));
            all.Add(("codex-acp", () => new PeerDriver(stage, "codex-acp", "@agentclientprotocol/codex-acp", isWarm: true)));
            all.Add(("sandbox-agent", () => new PeerDriver(stage, "sandbox-agent", "sandbox-agent", isWarm: true)));
        }

        return [.. all.Where(driver => !stage.Options.Without.Contains(driver.Name)).Select(driver => driver.Open)];
    }
}
