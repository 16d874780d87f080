using System.CommandLine;
using Plexum.Codex.Files;
using Plexum.Codex.Host.Configuration;
using Plexum.Codex.Host.Rendering;
using Plexum.Codex.Profiles;
using Plexum.Codex.Rollouts.Reading;
using Plexum.Codex.Threads;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Host.Commands.Turns;

/// <summary><c>rollout</c>: lists the tool calls of an agent's thread and what consuming each would save. Read-only.</summary>
internal static class RolloutCommand
{
    private static readonly Option<string> Agent = new("--agent")
    {
        Description = "The agent's id.",
        HelpName = "ID",
        Required = true,
    };

    private static readonly Option<string?> Workspace = new("--workspace")
    {
        Description = "The absolute path of the agent's workspace; by default <profile>/agents/<ID>/workspace.",
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
            Json,
        };
        command.SetAction(Run);
        return command;
    }

    private static int Run(ParseResult arguments)
    {
        if (!AgentId.TryParse(arguments.GetValue(Agent), out var agent))
        {
            return Reject(
                ExitCodes.Refused,
                $"The agent id \"{arguments.GetValue(Agent)}\" is invalid: "
                    + "use 1 to 64 letters, digits, dots, underscores or dashes, without \"..\"."
            );
        }

        var profile = Profile.OfUser();
        var settings = ProgramSettings.Load(profile, arguments.GetValue(CommonOptions.Set)!);
        var workspace = arguments.GetValue(Workspace) ?? new AgentDirectory(profile.Root, agent).DefaultWorkspace;
        if (!Directory.Exists(workspace))
        {
            return Reject(
                ExitCodes.Refused,
                $"The agent {agent} has no workspace at {workspace}; check the id, or name the workspace with --workspace."
            );
        }

        var session = new SessionFile(Path.GetFullPath(workspace), TimeProvider.System);
        var register = new FileThreadRegister(profile.Root);
        if (new AgentThread(register, agent, session).Peek(out var problem) is not { } thread)
        {
            return Reject(
                ExitCodes.Failed,
                problem is null
                    ? $"The agent {agent} has no thread yet. Its first turn starts one."
                    : $"The agent {agent} has no thread on record, and the session file {session.FilePath} cannot be used: {problem}."
            );
        }

        if (RolloutOverview.Read(profile.Root, settings.Rollouts.CodexHome, thread, TimeProvider.System) is not { } overview)
        {
            return Reject(
                ExitCodes.Failed,
                $"There is no rollout of the thread {thread} in {settings.Rollouts.CodexHome}; "
                    + "codex creates it in the thread's first turn. Check that CODEX_HOME is right."
            );
        }

        if (arguments.GetValue(Json))
        {
            RolloutListing.WriteJson(Console.OpenStandardOutput(), agent, overview);
        }
        else
        {
            RolloutListing.WriteTable(Consoles.Output(), agent, overview);
        }

        return ExitCodes.Done;
    }

    private static int Reject(int exitCode, string reason)
    {
        StderrMessages.Write(reason);
        return exitCode;
    }
}
