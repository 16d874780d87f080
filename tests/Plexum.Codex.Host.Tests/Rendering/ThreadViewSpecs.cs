using Plexum.Codex.Rollouts.Whereabouts;
using Plexum.Codex.Threads;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Host.Rendering;

public sealed class ThreadViewSpecs
{
    private const string Unarchive = "codex unarchive x";

    [Theory]
    [InlineData(null, Unarchive)]
    [InlineData("it is archived.\n" + Unarchive, Unarchive)]
    [InlineData("codex does not know that it is archived.", "mkdir -p '/c/sessions/2026/11/20' && mv -n")]
    public void The_command_for_an_archived_thread_is_one_that_works(string? message, string command)
    {
        var view = new ThreadView(AgentId.Parse("alice"))
        {
            Found = new ThreadWhereabouts(
                RolloutState.Archived,
                "/c/archived_sessions/rollout-2026-11-20T12-00-00-x.jsonl",
                Command: Unarchive
            ),
            Problem = message is null ? null : new ThreadProblem(ThreadProblem.Archived, message, DateTimeOffset.UnixEpoch),
        };

        Assert.StartsWith(command, view.Command, StringComparison.Ordinal);
    }
}
