using Plexum.Codex.Turns;
using Xunit;

namespace Plexum.Codex.Profiles;

public sealed class AgentWorkspaceSpecs : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    private AgentDirectory Agent => new(_directory.File("profile"), AgentId.Parse("alice"));

    private string RecordFile => Path.Combine(Agent.Root, "workspace-on-record");

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void An_agent_works_in_its_own_directory_until_another_one_is_on_record()
    {
        Assert.Null(new AgentWorkspace(Agent).Recorded);
        Assert.Equal(Agent.DefaultWorkspace, new AgentWorkspace(Agent).Current);

        new AgentWorkspace(Agent).Keep("/some/place/");

        Assert.Equal("/some/place", new AgentWorkspace(Agent).Recorded);
        Assert.Equal("/some/place", new AgentWorkspace(Agent).Current);
        new AgentWorkspace(Agent).Keep(Agent.DefaultWorkspace);
        Assert.Equal(Agent.DefaultWorkspace, new AgentWorkspace(Agent).Recorded);
    }

    [Fact]
    public void What_was_on_record_before_can_be_put_back()
    {
        var workspace = new AgentWorkspace(Agent);
        workspace.Keep("/new");
        workspace.Restore(null);
        Assert.Null(workspace.Recorded);

        workspace.Keep("/old");
        workspace.Keep("/new");
        workspace.Restore("/old");
        Assert.Equal("/old", workspace.Recorded);
    }

    [Fact]
    public void The_workspace_of_the_turn_that_started_last_is_another_record()
    {
        var workspace = new AgentWorkspace(Agent);
        workspace.Keep("/accepted");
        Assert.Null(workspace.Entered);

        workspace.KeepEntered("/entered/");

        Assert.Equal(("/accepted", "/entered"), (workspace.Recorded, workspace.Entered));
    }

    [Theory]
    [InlineData("/a/b", "/a/b/", true)]
    [InlineData("/a/./b", "/a/b", true)]
    [InlineData("/a/b", "/a/B", false)]
    public void Workspaces_are_compared_by_their_normal_names(string one, string other, bool same) =>
        Assert.Equal(same, AgentWorkspace.AreSame(one, other));

    [Fact]
    public void A_name_with_spaces_line_feeds_and_umlauts_is_kept()
    {
        const string Odd = "/tmp/ä b\nc\n";

        new AgentWorkspace(Agent).Keep(Odd);

        Assert.Equal(Odd, new AgentWorkspace(Agent).Recorded);
    }

    [Theory]
    [InlineData("")]
    [InlineData("relative/path\n")]
    [InlineData("/with\0nul\n")]
    public void A_record_that_is_no_path_counts_as_none(string content)
    {
        Directory.CreateDirectory(Agent.Root);
        File.WriteAllText(RecordFile, content);

        Assert.Equal(Agent.DefaultWorkspace, new AgentWorkspace(Agent).Current);
    }

    [Fact]
    public void A_link_or_a_directory_in_the_records_place_counts_as_none()
    {
        Directory.CreateDirectory(Agent.Root);
        File.CreateSymbolicLink(RecordFile, _directory.Write("elsewhere", "/etc\n"));
        Assert.Null(new AgentWorkspace(Agent).Recorded);

        File.Delete(RecordFile);
        Directory.CreateDirectory(RecordFile);

        Assert.Null(new AgentWorkspace(Agent).Recorded);
        Assert.Throws<IOException>(() => new AgentWorkspace(Agent).Keep("/a"));
    }
}
