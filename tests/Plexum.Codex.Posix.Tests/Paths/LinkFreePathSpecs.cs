using Xunit;

namespace Plexum.Codex.Posix.Paths;

public sealed class LinkFreePathSpecs : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly string _root;

    public LinkFreePathSpecs()
    {
        _root = RealPath.OfDirectory(_directory.Root)!;
        Directory.CreateDirectory(Path.Combine(_root, "a", "b"));
        Directory.CreateDirectory(Path.Combine(_root, "outside"));
        File.WriteAllText(Path.Combine(_root, "a", "b", "file"), "inside");
        File.WriteAllText(Path.Combine(_root, "outside", "file"), "secret");
    }

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void A_path_without_links_is_opened()
    {
        using var directory = LinkFreePath.TryOpenDirectory(Path.Combine(_root, "a", "b"), out var problem);
        Assert.NotNull(directory);
        Assert.Null(problem);

        using var file = LinkFreePath.TryOpenFile(_root, "a/b/file", out problem);
        Assert.NotNull(file);
        Assert.Null(problem);
        Assert.Equal(6, RandomAccess.GetLength(file));
    }

    [Theory]
    [InlineData("a/link")]
    [InlineData("link/file")]
    [InlineData("link/b/file")]
    [InlineData("a/../outside/file")]
    public void A_link_or_a_step_back_in_any_part_is_not_followed(string path)
    {
        File.CreateSymbolicLink(Path.Combine(_root, "a", "link"), "../outside/file");
        Directory.CreateSymbolicLink(Path.Combine(_root, "link"), path == "link/file" ? "outside" : "a");

        Assert.Null(LinkFreePath.TryOpenFile(_root, path, out var problem));
        Assert.NotNull(problem);
    }

    [Fact]
    public void A_directory_behind_a_link_is_not_opened()
    {
        Directory.CreateSymbolicLink(Path.Combine(_root, "link"), "a");

        Assert.Null(LinkFreePath.TryOpenDirectory(Path.Combine(_root, "link"), out var last));
        Assert.Null(LinkFreePath.TryOpenDirectory(Path.Combine(_root, "link", "b"), out var inner));
        Assert.Contains("link", last, StringComparison.Ordinal);
        Assert.Contains("link", inner, StringComparison.Ordinal);
    }

    [Fact]
    public void Only_a_regular_file_is_opened_and_a_pipe_holds_nobody_up()
    {
        using var pipe = System.Diagnostics.Process.Start("mkfifo", Path.Combine(_root, "pipe"));
        pipe.WaitForExit();

        foreach (var name in new[] { "pipe", "a", "missing", "" })
        {
            Assert.Null(LinkFreePath.TryOpenFile(_root, name, out var problem));
            Assert.NotNull(problem);
        }
    }
}
