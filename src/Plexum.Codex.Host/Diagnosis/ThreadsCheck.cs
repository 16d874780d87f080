using Plexum.Codex.Files;
using Plexum.Codex.Host.Configuration;
using Plexum.Codex.Profiles;
using Plexum.Codex.Rollouts.Whereabouts;
using Plexum.Codex.Threads;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Host.Diagnosis;

/// <summary>Looks for the rollouts of the threads that agents continue.</summary>
internal static class ThreadsCheck
{
    public static IEnumerable<Finding> Run(ProgramSettings settings)
    {
        var register = new FileThreadRegister(settings.Profile.Root);
        var locator = new ThreadLocator(settings.Rollouts.CodexHome, TimeProvider.System);
        var (there, bad) = (0, new List<Finding>());
        foreach (var agent in AgentsOf(settings.Profile))
        {
            if (Look(register, locator, new AgentDirectory(settings.Profile.Root, agent)) is not { } found)
            {
                continue;
            }

            if (found.IsWell)
            {
                there++;
            }
            else
            {
                bad.Add(found);
            }
        }

        return there == 0 ? bad : bad.Prepend(new Finding(FormattableString.Invariant($"The threads of {there} agents are there.")));
    }

    // Null for an agent without a thread.
    private static Finding? Look(FileThreadRegister register, ThreadLocator locator, AgentDirectory agent)
    {
        try
        {
            if (register.Find(agent.AgentId) is not RecordedThread.Current { Thread: var thread })
            {
                return null;
            }

            var found = locator.Locate(thread, new ThreadStandingFile(agent.ThreadStandingFile).Load(thread)?.Seen);
            var what = $"The thread {thread} of agent {agent.AgentId} is {Describe(found)}";
            return found.State switch
            {
                RolloutState.There => new Finding(what),
                RolloutState.Gone => new Finding(what, "The agent's next turn begins a new thread, and says so."),
                _ => new Finding(what, $"{found.Remedy ?? ""} \"plexum-codex thread {agent.AgentId}\" shows more.".TrimStart()),
            };
        }
        catch (ThreadRecordException e)
        {
            return new Finding($"The thread of agent {agent.AgentId} is unknown.", e.Message);
        }
    }

    private static string Describe(ThreadWhereabouts found) =>
        found.State switch
        {
            RolloutState.There => "there.",
            RolloutState.Gone => "gone.",
            RolloutState.Archived => $"archived: {found.Path}.",
            RolloutState.Unreadable => $"unreadable: {found.Path}: {found.Problem}.",
            _ => $"unreachable: {found.Problem}.",
        };

    /// <summary>The agents that the profile has directories of.</summary>
    public static IEnumerable<AgentId> AgentsOf(Profile profile)
    {
        try
        {
            return
            [
                .. Directory
                    .EnumerateDirectories(profile.Agents)
                    .Select(Path.GetFileName)
                    .Where(name => AgentId.TryParse(name, out _))
                    .Select(AgentId.Parse)
                    .OrderBy(agent => agent.Value, StringComparer.Ordinal),
            ];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The directory was already reported.
            return [];
        }
    }
}
