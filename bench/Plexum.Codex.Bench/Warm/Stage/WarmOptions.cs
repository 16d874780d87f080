using System.Globalization;
using Plexum.Codex.LoopbackModel.Codex;

namespace Plexum.Codex.Bench.Warm.Stage;

/// <summary>What <c>bench warm</c> is asked for.</summary>
internal sealed record WarmOptions
{
    /// <summary>How it is called.</summary>
    public const string Usage =
        "warm [--program PATH] [--newest] [--codex-defaults] [--small] [--without NAME]… [turn | many | first | cancel | lru | idle | deltas]…";

    /// <summary>The program; by default the published one, and where there is none the one that was built with the benchmark.</summary>
    public string Program { get; private init; } = Published();

    /// <summary>The codex that everybody drives.</summary>
    public string Codex { get; private init; } = "";

    /// <summary>
    /// Whether codex has its plugins and its copy of the user's shell, as it has unless told otherwise. It then looks for news of plugins on
    /// the internet.
    /// </summary>
    public bool HasDefaults { get; private init; }

    /// <summary>Whether small numbers will do: to see that it works, not to measure.</summary>
    public bool IsSmall { get; private init; }

    /// <summary>The parts; all if empty.</summary>
    public IReadOnlyList<string> Parts { get; private init; } = [];

    /// <summary>Those that are left out.</summary>
    public IReadOnlyList<string> Without { get; private init; } = [];

    /// <summary>Reads the arguments.</summary>
    /// <returns>The options; null if they cannot be understood.</returns>
    public static WarmOptions? Read(IReadOnlyList<string> arguments, IReadOnlyCollection<string> parts)
    {
        var options = new WarmOptions();
        var version = PinnedCodex.Pinned;
        for (var at = 0; at < arguments.Count; at++)
        {
            switch (arguments[at])
            {
                case "--program" when at + 1 < arguments.Count:
                    options = options with { Program = Path.GetFullPath(arguments[++at]) };
                    break;
                case "--without" when at + 1 < arguments.Count:
                    options = options with { Without = [.. options.Without, arguments[++at]] };
                    break;
                case "--newest":
                    version = PinnedCodex.Newest;
                    break;
                case "--codex-defaults":
                    options = options with { HasDefaults = true };
                    break;
                case "--small":
                    options = options with { IsSmall = true };
                    break;
                case var part when parts.Contains(part):
                    options = options with { Parts = [.. options.Parts, part] };
                    break;
                default:
                    return null;
            }
        }

        return options with { Codex = PinnedCodex.Require(version: version) };
    }

    /// <summary>A number of the measurement.</summary>
    public int Number(int full, int small) => IsSmall ? small : full;

    /// <summary>A time of the measurement.</summary>
    public TimeSpan Seconds(double full, double small) => TimeSpan.FromSeconds(IsSmall ? small : full);

    private static string Published()
    {
        var published = Path.GetFullPath(Path.Combine(".build", "publish", "plexum-codex"));
        return File.Exists(published) ? published : ProgramProcess.PlexumCodex;
    }
}
