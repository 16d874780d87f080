using System.CommandLine;
using Plexum.Codex.Files;
using Plexum.Codex.Host.Commands.Ids;
using Plexum.Codex.Host.Configuration;
using Plexum.Codex.Host.Rendering;
using Plexum.Codex.Host.Rendering.Tables;
using Plexum.Codex.Profiles;
using Plexum.Codex.Rollouts.Reading;
using Plexum.Codex.Threads;

namespace Plexum.Codex.Host.Commands.Turns;

/// <summary><c>rollout</c>: lists the tool calls of an agent's thread and what consuming each would save. Read-only.</summary>
internal static class RolloutCommand
{
    private static readonly Option<string> Agent = new("--agent")
    {
        Description = "The agent's id, the beginning of it, or last for the agent with the newest turn.",
        HelpName = "ID",
        Required = true,
    };

    private static readonly Option<string?> Workspace = new("--workspace")
    {
        Description = "The agent's workspace; by default that of its last turn, at first its own in the profile.",
        HelpName = "DIR",
    };

    private static readonly Option<bool> Json = new("--json") { Description = "Print one JSON object instead of a table." };

    public static Command Create()
    {
        var command = new Command(
            "rollout",
            "List the tool calls of an agent's thread, their size in codex's rollout, and how much less the model would be sent "
                + "after consuming each. Works while the agent is running. Exit codes: 0 success, 1 nothing to read, 2 refused."
        )
        {
            Agent,
            Workspace,
            CommonOptions.Wide,
            Json,
        };
        command.SetAction(Run);
        return command;
    }

    private static int Run(ParseResult arguments)
    {
        var profile = Profile.OfUser();
        var settings = ProgramSettings.Load(profile, arguments.GetValue(CommonOptions.Set)!);
        var agent = AgentIds.Find(profile.Root, arguments.GetValue(Agent));
        var directory = new AgentDirectory(profile.Root, agent);
        var workspace = TurnOptions.WorkspaceOf(arguments.GetValue(Workspace)) ?? new AgentWorkspace(directory).Current;
        if (!Directory.Exists(directory.Root) && !File.Exists(Path.Combine(workspace, SessionFile.Name)))
        {
            throw AgentIds.Unknown(profile.Root, agent);
        }

        if (!Directory.Exists(workspace))
        {
            throw new CommandException(
                $"The agent {agent} has no workspace at {workspace}; name the workspace with --workspace.",
                ExitCodes.Refused,
                "unknown_workspace"
            );
        }

        var session = new SessionFile(workspace, TimeProvider.System);
        var register = new FileThreadRegister(profile.Root);
        if (new AgentThread(register, agent, session).Peek(out var problem) is not { } thread)
        {
            throw new CommandException(
                problem is null
                    ? $"The agent {agent} has no thread yet. Its first turn starts one."
                    : $"The agent {agent} has no thread on record, and the session file {session.FilePath} cannot be used: {problem}.",
                ExitCodes.Failed,
                "no_thread"
            );
        }

        if (RolloutOverview.Read(profile.Root, settings.Rollouts.CodexHome, thread, TimeProvider.System) is not { } overview)
        {
            throw new CommandException(
                $"There is no rollout of the thread {thread} in {settings.Rollouts.CodexHome}; "
                    + "codex creates it in the thread's first turn. Check that CODEX_HOME is right.",
                ExitCodes.Failed,
                "no_rollout"
            );
        }

        if (arguments.GetValue(Json))
        {
            RolloutListing.WriteJson(Console.OpenStandardOutput(), agent, overview);
        }
        else
        {
            RolloutListing.WriteTable(Consoles.Output(), agent, overview, arguments.GetValue(CommonOptions.Wide));
        }

        return ExitCodes.Done;
    }
}
