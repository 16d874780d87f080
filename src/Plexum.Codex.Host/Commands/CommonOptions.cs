using System.CommandLine;

namespace Plexum.Codex.Host.Commands;

/// <summary>The options of every command.</summary>
internal static class CommonOptions
{
    public static Option<string[]> Set { get; } =
        new("--set")
        {
            Description =
                "Change a setting for this run, for example --set turns.timeout=5m. May be given several times. "
                + "config/akka.hocon lists all settings.",
            HelpName = "KEY=VALUE",
            Recursive = true,
            AllowMultipleArgumentsPerToken = false,
            DefaultValueFactory = _ => [],
        };

    /// <summary>For commands that print tables.</summary>
    public static Option<bool> Wide { get; } =
        new("--wide") { Description = "Print whole ids and texts, even if the lines are longer than the terminal is wide." };
}
