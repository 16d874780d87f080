using Plexum.Codex.Events;
using Plexum.Codex.Requests;
using Plexum.Codex.TestSupport.Agents;
using Plexum.Codex.Threads;
using Xunit;

namespace Plexum.Codex.Turns;

/// <summary>The session file that a turn writes into a workspace is kept out of the user's git.</summary>
public sealed class SessionInGitSpecs : AgentTestKit
{
    [Fact]
    public void It_is_excluded_in_a_repository()
    {
        var exclude = MakeRepository(Stage.Workspace);

        Assert.Empty(Run("hi").Notices);

        Assert.Contains("/" + SessionFile.Name, File.ReadAllLines(exclude));
    }

    [Fact]
    public void The_reader_is_told_once_where_it_cannot_be_excluded()
    {
        File.WriteAllText(Path.Combine(Stage.Workspace, ".git"), "gitdir: /elsewhere\n");

        Assert.Equal([NoticeCodes.SessionFileInGit], Run("first").Notices);
        Assert.Empty(Run("second").Notices);
    }

    [Fact]
    public void The_agents_own_workspace_is_nobodys_project()
    {
        var workspace = DirectoryOf(Alice).DefaultWorkspace;
        var exclude = MakeRepository(workspace);

        var story = Submit(new TurnRequest(Alice, workspace, null, [TurnMessage.User("hi")])).Ended(StopReason.EndTurn);

        Assert.Empty(story.Notices);
        Assert.True(File.Exists(Path.Combine(workspace, SessionFile.Name)));
        Assert.False(File.Exists(exclude));
    }

    private static string MakeRepository(string workspace)
    {
        var info = Directory.CreateDirectory(Path.Combine(workspace, ".git", "info")).FullName;
        File.WriteAllText(Path.Combine(workspace, ".git", "HEAD"), "ref: refs/heads/main\n");
        return Path.Combine(info, "exclude");
    }
}
