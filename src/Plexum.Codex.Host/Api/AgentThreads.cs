using Plexum.Codex.Client.Documents;
using Plexum.Codex.Files;
using Plexum.Codex.Host.Configuration;
using Plexum.Codex.Ledger;
using Plexum.Codex.Options;
using Plexum.Codex.Profiles;
using Plexum.Codex.Threads;

namespace Plexum.Codex.Host.Api;

/// <summary>
/// Adds to what the ledger knows of an agent what the settings say of it, and what the profile knows of its thread: which it is, and why
/// codex did not continue it.
/// </summary>
/// <param name="profile">The root of the profile.</param>
/// <param name="time">The clock.</param>
/// <param name="settings">The settings; null if they are not to be told.</param>
internal sealed class AgentThreads(string profile, TimeProvider time, ProgramSettings? settings = null)
{
    private readonly FileThreadRegister _register = new(profile);

    /// <summary>The document of an agent. File work.</summary>
    public AgentDocument Describe(AgentEntry agent)
    {
        var document = AgentDocument.Of(agent) with
        {
            Backend = settings?.BackendOf(agent.AgentId).ToWireName(),
            Approvals = settings?.Agents.ApprovalsOf(agent.AgentId).Policy.ToWireName(),
        };
        try
        {
            return _register.Find(agent.AgentId) switch
            {
                RecordedThread.Current { Thread: var thread } => document with
                {
                    ThreadId = thread.ToString(),
                    ThreadProblem = new ThreadStandingFile(new AgentDirectory(profile, agent.AgentId).ThreadStandingFile)
                        .Load(thread)
                        ?.Problem
                        is { } problem
                        ? new ThreadProblemDocument(problem.Code, problem.Message, problem.At)
                        : null,
                },
                RecordedThread.GivenUp => document with { ThreadId = null },
                _ => document,
            };
        }
        catch (ThreadRecordException e)
        {
            return document with { ThreadProblem = new ThreadProblemDocument("thread_not_recorded", e.Message, time.GetUtcNow()) };
        }
    }
}
