using Xunit;

namespace Plexum.Codex.Posix.Paths;

public sealed class RealPathSpecs : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly string _root;

    public RealPathSpecs() => _root = RealPath.OfDirectory(_directory.Root)!;

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void Every_link_of_a_path_is_followed()
    {
        Directory.CreateDirectory(Path.Combine(_root, "real", "inner"));
        Directory.CreateSymbolicLink(Path.Combine(_root, "link"), "real");
        Directory.CreateSymbolicLink(Path.Combine(_root, "real", "again"), Path.Combine(_root, "link", "inner"));

        Assert.Equal(Path.Combine(_root, "real", "inner"), RealPath.OfDirectory(Path.Combine(_root, "link", "again")));
        Assert.Equal(Path.Combine(_root, "real", "inner"), RealPath.Of(Path.Combine(_root, "link", "again")));
    }

    [Fact]
    public void What_is_missing_stays_behind_what_is_there()
    {
        Directory.CreateDirectory(Path.Combine(_root, "real"));
        Directory.CreateSymbolicLink(Path.Combine(_root, "link"), "real");

        Assert.Equal(Path.Combine(_root, "real", "a", "b"), RealPath.Of(Path.Combine(_root, "link", "a", "b/")));
        Assert.Null(RealPath.OfDirectory(Path.Combine(_root, "link", "a")));
        Assert.Equal("/", RealPath.Of("/"));
    }

    [Fact]
    public void A_file_and_a_link_to_nothing_lead_to_no_directory()
    {
        File.WriteAllText(Path.Combine(_root, "file"), "");
        File.CreateSymbolicLink(Path.Combine(_root, "dangling"), "nowhere");

        foreach (var path in new[] { "file", "file/below", "dangling", "dangling/below" })
        {
            Assert.Null(RealPath.Of(Path.Combine(_root, path)));
        }
    }

    [Theory]
    [InlineData("/a/b", "/a", true)]
    [InlineData("/a", "/a", true)]
    [InlineData("/a", "/", true)]
    [InlineData("/ab", "/a", false)]
    [InlineData("/a", "/a/b", false)]
    public void A_directory_holds_itself_and_what_lies_below_it(string path, string directory, bool isWithin) =>
        Assert.Equal(isWithin, RealPath.IsWithin(path, directory));
}
