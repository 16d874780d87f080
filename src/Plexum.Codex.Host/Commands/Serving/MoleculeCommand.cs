using System.CommandLine;
using Plexum.Codex.Host.Configuration;
using Plexum.Codex.Host.Molecule;
using Plexum.Codex.Host.Secrecy;
using Plexum.Codex.Molecule.Platform;

namespace Plexum.Codex.Host.Commands.Serving;

/// <summary><c>molecule</c>: runs a daemon that answers the messages of one workspace of the molecule platform.</summary>
internal static class MoleculeCommand
{
    public const string Name = "molecule";

    private static readonly Option<string?> CodexBinary = new("--codex-bin")
    {
        Description = "codex's name, looked up on PATH, or its path.",
        HelpName = "PATH",
    };

    private static readonly Option<string?> Transport = new("--transport")
    {
        Description = "The transport to the platform: direct (HTTP, the default) or mcp (its program molecule-mcp).",
        HelpName = "direct|mcp",
    };

    private static readonly Option<string?> McpProgram = new("--molecule-mcp")
    {
        Description = "molecule-mcp's name, looked up on PATH, or its path.",
        HelpName = "PATH",
    };

    public static Command Create()
    {
        Transport.AcceptOnlyFromAmong("direct", "mcp");
        var command = new Command(
            Name,
            "Answer the messages of a workspace of the molecule platform with codex: one thread for the canvas user and one for each peer. "
                + "WORKSPACE_ID and PLATFORM_URL name the workspace, and MOLECULE_WORKSPACE_TOKEN_FILE the file with its token; "
                + $"all state is kept in {MoleculeConnection.StateVariable}, else in ~/.codex-channel-molecule. "
                + "Runs a daemon, as serve does. "
                + "Exit codes: 0 stopped by a signal, 1 codex is missing or something failed, 2 refused, also by the platform."
        )
        {
            CodexBinary,
            Transport,
            McpProgram,
            ServeCommand.Listen,
            ServeCommand.Drain,
            DeadLettersCommand.Create(),
        };
        command.SetAction(RunAsync);
        return command;
    }

    private static Task<int> RunAsync(ParseResult arguments, CancellationToken cancellationToken)
    {
        var secrecyProblem = DaemonSecrecy.Begin();
        string[] assignments =
        [
            .. arguments.GetValue(CommonOptions.Set)!,
            .. Assign("codex.binary", CodexBinary),
            .. Assign("molecule.transport", Transport),
            .. Assign("molecule.mcp-program", McpProgram),
        ];
        var settings = ProgramSettings.Load(MoleculeProfile.OfUser(), assignments);
        var start = MoleculeStart.Prepare(settings, secrecyProblem) with { EndsWhenRefused = true };
        return DaemonRun.RunAsync(
            Name,
            start.Settings,
            arguments.GetValue(ServeCommand.Listen),
            arguments.GetValue(ServeCommand.Drain),
            start
        );

        string[] Assign(string key, Option<string?> option) => arguments.GetValue(option) is { } value ? [$"{key}={value}"] : [];
    }
}
