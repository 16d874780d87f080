using System.Collections.Immutable;
using Plexum.Codex.Files;
using Plexum.Codex.Profiles;
using Plexum.Codex.Rollouts.Reading;
using Plexum.Codex.Threads;

namespace Plexum.Codex.Host.Commands.Ids;

/// <summary>Finds the tool calls that a command is given: by their ids, by the beginnings of these, or as the thread's last one.</summary>
internal static class CallIds
{
    /// <summary>The calls of an agent's thread, oldest first; none if it has no thread or its rollout cannot be read.</summary>
    /// <param name="profile">The root of the profile.</param>
    /// <param name="agent">The agent.</param>
    /// <param name="workspace">The agent's workspace, an absolute path.</param>
    /// <param name="codexHome">codex's home.</param>
    public static ImmutableArray<string> Of(string profile, AgentDirectory agent, string workspace, string codexHome)
    {
        ArgumentNullException.ThrowIfNull(agent);
        try
        {
            var session = new SessionFile(workspace, TimeProvider.System);
            return
                new AgentThread(new FileThreadRegister(profile), agent.AgentId, session).Peek(out _) is { } thread
                && RolloutOverview.Read(profile, codexHome, thread, TimeProvider.System) is { } overview
                ? [.. overview.Calls.Select(call => call.Id).Distinct(StringComparer.Ordinal)]
                : [];
        }
        catch (CodexException)
        {
            // Whoever consumes reads the rollout too, and says what is wrong with it.
            return [];
        }
    }

    /// <summary>The calls that are meant. What begins no id of the thread stays as it is.</summary>
    /// <param name="given">What the command was given.</param>
    /// <param name="calls">The calls of the thread, oldest first.</param>
    /// <exception cref="CodexException">A beginning fits several calls; the message lists them.</exception>
    public static ImmutableArray<string> Find(IEnumerable<string> given, ImmutableArray<string> calls) =>
        [.. given.Select(text => text == Prefixes.Last && calls is [.., var last] ? last : Prefixes.Find("call ids", text, calls) ?? text)];
}
