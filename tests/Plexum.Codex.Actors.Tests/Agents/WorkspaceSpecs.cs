using Plexum.Codex.Agents.Checks;
using Plexum.Codex.Profiles;
using Plexum.Codex.Requests;
using Plexum.Codex.Turns;
using Xunit;

namespace Plexum.Codex.Agents;

public sealed class WorkspaceSpecs : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void A_missing_workspace_is_created()
    {
        var path = _directory.File("a/b");

        Assert.Null(Prepare(path));
        Assert.True(Directory.Exists(path));
        Assert.Null(Prepare(path));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    public void No_workspace_is_refused_in_the_words_of_the_go_plugin(string? path) =>
        Assert.Equal(
            new TurnRefusal(TurnRefusalReason.WorkspaceRequired, "codex: agent workspace required (host must supply AgentContext)"),
            Prepare(path)
        );

    [Theory]
    [InlineData("work")]
    [InlineData("./work")]
    [InlineData("~/work")]
    public void A_relative_workspace_is_refused(string path) => Assert.Equal(TurnRefusalReason.WorkspaceNotAbsolute, Prepare(path)?.Reason);

    [Theory]
    [InlineData("/work\0space")]
    [InlineData("work\0")]
    public void A_workspace_with_a_NUL_is_refused_for_the_NUL_and_not_called_relative(string path)
    {
        var refusal = Prepare(path);

        Assert.Contains("has a NUL character", refusal?.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("absolute path", refusal!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_workspace_that_cannot_be_written_to_is_refused_by_name()
    {
        var file = _directory.Write("file", "");

        foreach (var path in new[] { file, Path.Combine(file, "below") })
        {
            var refusal = Prepare(path);

            Assert.Equal(TurnRefusalReason.WorkspaceNotWritable, refusal?.Reason);
            Assert.Contains(path, refusal!.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_workspace_that_is_or_lies_behind_a_dangling_link_is_told_to_lead_nowhere()
    {
        var link = _directory.File("link");
        File.CreateSymbolicLink(link, _directory.File("nowhere"));

        foreach (var path in new[] { link, link + "/", Path.Combine(link, "below") })
        {
            var refusal = Prepare(path);

            Assert.Equal(TurnRefusalReason.WorkspaceNotWritable, refusal?.Reason);
            Assert.Contains($"{link} is a link that leads nowhere", refusal!.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_workspace_that_is_not_allowed_is_not_created()
    {
        var home = Directory.CreateDirectory(_directory.File("codex-home")).FullName;
        Directory.CreateSymbolicLink(_directory.File("link"), home);

        foreach (var path in new[] { Path.Combine(home, "new"), Path.Combine(_directory.File("link"), "new") })
        {
            Assert.Equal(TurnRefusalReason.WorkspaceNotAllowed, Prepare(path)?.Reason);
            Assert.Empty(Directory.GetFileSystemEntries(home));
        }
    }

    private TurnRefusal? Prepare(string? path) =>
        Workspace.Prepare(
            path,
            new WorkspaceRules(_directory.File("profile"), _directory.File("codex-home"), new WorkspaceSettings()),
            AgentId.Parse("alice"),
            Submitter.Owner
        );
}
