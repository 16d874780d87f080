using System.CommandLine;
using Plexum.Codex.Host.Commands;
using Plexum.Codex.Host.Commands.Approvals;
using Plexum.Codex.Host.Commands.Service;
using Plexum.Codex.Host.Commands.Serving;
using Plexum.Codex.Host.Commands.Setup;
using Plexum.Codex.Host.Commands.Steering;
using Plexum.Codex.Host.Commands.Turns;
using Plexum.Codex.Host.Commands.Upkeep;

namespace Plexum.Codex.Host;

/// <summary>All commands of the program.</summary>
internal static class ProgramCommands
{
    public static RootCommand Create() =>
        new(
            "Runs OpenAI's codex CLI for many agents. All its files are in the profile: the directory named by PLEXUM_PROFILE_ROOT, "
                + "or ~/.plexum."
        )
        {
            CommonOptions.Set,
            SayCommand.Create(),
            RolloutCommand.Create(),
            ConsumeCommand.Create(),
            ThreadCommand.Create(),
            DemoCommand.Create(),
            DoctorCommand.Create(),
            ServeCommand.Create(),
            MoleculeCommand.Create(),
            SubmitCommand.Create(),
            EventsCommand.Create(),
            CancelCommand.Create(),
            ApproveCommand.Create(),
            SteerCommand.Create(),
            TurnsCommand.Create(),
            AgentsCommand.Create(),
            StatusCommand.Create(),
            UsageCommand.Create(),
            DaemonCommands.Create(),
            ConfigCommand.Create(),
            BackupCommand.Create(),
            RestoreCommand.Create(),
            UninstallCommand.Create(),
            TokenCommand.Create(),
            InstallCommand.Create(),
            InstallPluginCommand.Create(),
            McpHostCommand.Create(),
            PluginCommand.Create(),
        };
}
