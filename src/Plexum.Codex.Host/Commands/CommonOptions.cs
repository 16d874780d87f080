using System.CommandLine;

namespace Plexum.Codex.Host.Commands;

/// <summary>Options that every command has.</summary>
internal static class CommonOptions
{
    public static Option<string[]> Set { get; } = new("--set")
    {
        Description = "Change a setting for this run, for example --set turns.timeout=5m. May be given several times. The settings stand in config/akka.hocon.",
        HelpName = "KEY=VALUE",
        Recursive = true,
        AllowMultipleArgumentsPerToken = false,
        DefaultValueFactory = _ => [],
    };
}
