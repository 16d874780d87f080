using Plexum.Codex.Agents.Checks;
using Plexum.Codex.Requests;
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

        Assert.Null(Workspace.Prepare(path));
        Assert.True(Directory.Exists(path));
        Assert.Null(Workspace.Prepare(path));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    public void No_workspace_is_refused_in_the_words_of_the_go_plugin(string? path) =>
        Assert.Equal(
            new TurnRefusal(TurnRefusalReason.WorkspaceRequired, "codex: agent workspace required (host must supply AgentContext)"),
            Workspace.Prepare(path)
        );

    [Theory]
    [InlineData("work")]
    [InlineData("./work")]
    [InlineData("~/work")]
    public void A_relative_workspace_is_refused(string path) =>
        Assert.Equal(TurnRefusalReason.WorkspaceNotAbsolute, Workspace.Prepare(path)?.Reason);

    [Fact]
    public void A_workspace_that_cannot_be_written_to_is_refused_by_name()
    {
        var file = _directory.Write("file", "");

        foreach (var path in new[] { file, Path.Combine(file, "below"), "/proc/plexum-codex-test" })
        {
            var refusal = Workspace.Prepare(path);

            Assert.Equal(TurnRefusalReason.WorkspaceNotWritable, refusal?.Reason);
            Assert.Contains(path, refusal!.Message, StringComparison.Ordinal);
        }
    }
}
