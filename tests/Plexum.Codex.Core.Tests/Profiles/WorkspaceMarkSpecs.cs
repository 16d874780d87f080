using System.Globalization;
using Plexum.Codex.Turns;
using Xunit;

namespace Plexum.Codex.Profiles;

public sealed class WorkspaceMarkSpecs : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    private AgentDirectory Agent => new(_directory.File("profile"), AgentId.Parse("alice"));

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void A_workspace_is_known_once_it_is_kept_under_each_way_to_write_its_name()
    {
        var workspace = Directory.CreateDirectory(_directory.File("w")).FullName;
        Assert.False(new WorkspaceMark(Agent, workspace).IsKnown);
        Assert.False(new WorkspaceMark(Agent, workspace).IsOfAnother());

        new WorkspaceMark(Agent, workspace).Keep();

        Assert.All(new[] { workspace, workspace + "/", Path.Combine(_directory.Root, ".", "w") }, name =>
            Assert.True(new WorkspaceMark(Agent, name).IsKnown)
        );
        Assert.False(new WorkspaceMark(Agent, workspace).IsOfAnother());
        Assert.False(new WorkspaceMark(Agent, workspace + "2").IsKnown);
        Assert.False(new WorkspaceMark(new AgentDirectory(_directory.File("profile"), AgentId.Parse("bob")), workspace).IsKnown);
    }

    [Fact]
    public void A_workspace_that_was_gone_is_another_until_it_is_kept()
    {
        var workspace = Directory.CreateDirectory(_directory.File("w")).FullName;
        var mark = new WorkspaceMark(Agent, workspace);
        mark.Keep();

        mark.KeepGone();

        Assert.True(new WorkspaceMark(Agent, workspace).IsOfAnother());
        mark.Keep();
        Assert.False(new WorkspaceMark(Agent, workspace).IsOfAnother());
    }

    [Fact]
    public void What_is_written_inside_a_workspace_does_not_make_it_another()
    {
        var workspace = Directory.CreateDirectory(_directory.File("w")).FullName;
        new WorkspaceMark(Agent, workspace).Keep();

        File.WriteAllText(Path.Combine(workspace, "file"), "x");
        Directory.SetLastWriteTimeUtc(workspace, new DateTime(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc));

        Assert.False(new WorkspaceMark(Agent, workspace).IsOfAnother());
    }

    [Fact]
    public void A_host_that_names_a_new_directory_each_time_leaves_a_bounded_number_of_marks()
    {
        for (var i = 0; i < 120; i++)
        {
            new WorkspaceMark(Agent, _directory.File(i.ToString(CultureInfo.InvariantCulture))).KeepGone();
        }

        Assert.Equal(100, Directory.GetFiles(Agent.WorkspaceMarks).Length);
        Assert.True(new WorkspaceMark(Agent, _directory.File("119")).IsKnown);
    }

    [Fact]
    public void A_workspace_that_is_used_again_and_again_is_not_forgotten_over_others()
    {
        var daily = Directory.CreateDirectory(_directory.File("daily")).FullName;
        for (var i = 0; i < 120; i++)
        {
            new WorkspaceMark(Agent, daily).Keep();
            new WorkspaceMark(Agent, _directory.File(i.ToString(CultureInfo.InvariantCulture))).KeepGone();
        }

        Assert.True(new WorkspaceMark(Agent, daily).IsKnown);
    }

    [Fact]
    public void A_directory_of_an_overlay_is_told_by_its_inode_and_any_other_by_its_time()
    {
        var before = new DirectorySighting(1, 10, IsMountPoint: false, IsInOverlay: true);

        Assert.True(new DirectorySighting(2, 10, false, true).MayBeTheSameAs(before));
        Assert.False(new DirectorySighting(2, 11, false, true).MayBeTheSameAs(before));
        Assert.False(new DirectorySighting(2, 10, false, false).MayBeTheSameAs(before with { IsInOverlay = false }));
        Assert.True(new DirectorySighting(null, 11, false, false).MayBeTheSameAs(before));
        Assert.Equal(before, DirectorySighting.TryParse(before.ToString()));
    }

    [Fact]
    public void A_workspace_at_which_something_was_mounted_and_now_nothing_is_is_unmounted()
    {
        var workspace = Directory.CreateDirectory(_directory.File("w")).FullName;
        var mark = new WorkspaceMark(Agent, workspace);
        mark.Keep();
        Assert.False(mark.IsUnmounted());
        var file = Assert.Single(Directory.GetFiles(Agent.WorkspaceMarks));

        File.WriteAllText(file, File.ReadAllText(file).TrimEnd() + " mounted\n");

        Assert.True(mark.IsUnmounted());
        Assert.True(DirectorySighting.Of("/proc")!.Value.IsMountPoint);
    }

    [Theory]
    [InlineData("")]
    [InlineData("something else")]
    public void A_mark_that_makes_no_sense_costs_at_most_a_notice(string content)
    {
        var workspace = Directory.CreateDirectory(_directory.File("w")).FullName;
        var mark = new WorkspaceMark(Agent, workspace);
        mark.Keep();
        File.WriteAllText(Assert.Single(Directory.GetFiles(Agent.WorkspaceMarks)), content);

        _ = mark.IsOfAnother();
        mark.Keep();

        Assert.False(mark.IsOfAnother());
    }
}
