using System.Collections.Immutable;
using Plexum.Codex.Posix.Paths;
using Xunit;

namespace Plexum.Codex.Profiles;

public sealed class ImageSourceSpecs : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly string _root;

    public ImageSourceSpecs()
    {
        _root = RealPath.OfDirectory(_directory.Root)!;
        Directory.CreateDirectory(At("workspace/pictures"));
        Directory.CreateDirectory(At("album"));
        File.WriteAllText(At("workspace/pictures/a.png"), "inside");
        File.WriteAllText(At("album/b.png"), "album");
        File.WriteAllText(At("secret"), "secret");
    }

    private ImmutableArray<ImageSource> Sources =>
        new WorkspaceRules(At("profile"), At("codex"), new WorkspaceSettings { ImageRoots = [At("album")] }).ImageSourcesOf(
            At("workspace"),
            At("workspace")
        );

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData("workspace/pictures/a.png")]
    [InlineData("workspace/./pictures/../pictures/a.png")]
    [InlineData("album/b.png")]
    public void An_image_of_the_workspace_or_of_a_root_is_opened(string path)
    {
        Assert.True(ImageSource.Allow(Sources, At(path)));

        using var file = ImageSource.TryOpen(Sources, At(path), out var problem);

        Assert.NotNull(file);
        Assert.Null(problem);
    }

    [Theory]
    [InlineData("secret")]
    [InlineData("workspace/../secret")]
    [InlineData("workspace")]
    [InlineData("workspacette/a.png")]
    [InlineData("workspace/a\0/../../secret")]
    public void An_image_elsewhere_is_not(string path)
    {
        Assert.False(ImageSource.Allow(Sources, At(path)));
        if (!path.Contains('\0', StringComparison.Ordinal))
        {
            Assert.Null(ImageSource.TryOpen(Sources, At(path), out var problem));
            Assert.Equal(ImageSource.Outside, problem);
        }
    }

    [Fact]
    public void A_link_in_the_workspace_is_not_followed()
    {
        File.CreateSymbolicLink(At("workspace/link.png"), At("secret"));
        Directory.CreateSymbolicLink(At("workspace/up"), _root);

        foreach (var path in new[] { "workspace/link.png", "workspace/up/secret" })
        {
            Assert.True(ImageSource.Allow(Sources, At(path)));
            Assert.Null(ImageSource.TryOpen(Sources, At(path), out var problem));
            Assert.Contains("link", problem, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void The_way_to_the_workspace_may_have_links_for_the_owner_named_it()
    {
        Directory.CreateSymbolicLink(At("here"), At("workspace"));
        var sources = new WorkspaceRules(At("profile"), At("codex"), new WorkspaceSettings()).ImageSourcesOf(At("here"), At("workspace"));

        foreach (var path in new[] { "here/pictures/a.png", "workspace/pictures/a.png" })
        {
            using var file = ImageSource.TryOpen(sources, At(path), out _);
            Assert.NotNull(file);
        }
    }

    private string At(string path) => Path.Combine(_root, path);
}
