using System.CommandLine;

namespace Plexum.Codex.Host.Commands;

/// <summary>Options that every command has.</summary>
internal static class CommonOptions
{
    public static Option<string[]> Set { get; } = new("--set")
    {
        Description = "Change a setting for this run: key=value. May be given several times.",
        Recursive = true,
        AllowMultipleArgumentsPerToken = false,
        DefaultValueFactory = _ => [],
    };

    public static Option<bool> Json { get; } = new("--json") { Description = "Print plain JSON, one object a line." };
}
