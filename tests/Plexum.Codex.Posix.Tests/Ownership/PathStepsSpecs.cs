namespace Plexum.Codex.Posix.Ownership;

public sealed class PathStepsSpecs : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly string _real;

    public PathStepsSpecs() => _real = Directory.CreateDirectory(_directory.File("real/inner")).Parent!.FullName;

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void Every_directory_above_a_file_is_a_step_and_the_file_is_the_end()
    {
        var file = Path.Combine(_real, "inner", "file");
        File.WriteAllText(file, "");

        var steps = PathSteps.Of(file).ToArray();

        Assert.Equal("/", steps[0].Path);
        Assert.Equal([_directory.Root, _real, Path.Combine(_real, "inner"), file], steps[^4..].Select(step => step.Path));
        Assert.Equal(FileKind.Regular, Assert.Single(steps, step => step.IsEnd).Status.Kind);
        Assert.True(steps[^1].IsEnd);
    }

    [Fact]
    public void A_link_and_the_way_to_what_it_names_are_steps()
    {
        var link = _directory.File("link");
        File.CreateSymbolicLink(link, "real/../real/inner");

        Assert.Equal(
            [link, _real, _directory.Root, _real, Path.Combine(_real, "inner")],
            PathSteps.Of(link).Select(step => step.Path).SkipWhile(path => path != link)
        );
    }

    [Fact]
    public void A_link_with_a_full_path_starts_at_the_root_again()
    {
        var link = _directory.File("link");
        File.CreateSymbolicLink(link, _real + "/.");

        var steps = PathSteps.Of(Path.Combine(link, "inner")).ToArray();

        Assert.Equal((2, 1), (steps.Count(step => step.Path == "/"), steps.Count(step => step.Path == link)));
        Assert.Equal((Path.Combine(_real, "inner"), true), (steps[^1].Path, steps[^1].IsEnd));
    }

    [Theory]
    [InlineData("link/..")]
    [InlineData(".")]
    [InlineData("/")]
    public void The_end_may_be_above_the_link(string target)
    {
        File.CreateSymbolicLink(_directory.File("link"), "real/inner");
        File.CreateSymbolicLink(_directory.File("end"), target);

        var end = PathSteps.Of(_directory.File("end")).Last();

        Assert.Equal((FileKind.Directory, true), (end.Status.Kind, end.IsEnd));
    }

    [Fact]
    public void The_way_ends_where_nothing_is_and_then_has_no_end()
    {
        var steps = PathSteps.Of(Path.Combine(_real, "nothing", "more")).ToArray();

        Assert.Equal(_real, steps[^1].Path);
        Assert.DoesNotContain(steps, step => step.IsEnd);
        File.CreateSymbolicLink(_directory.File("nowhere"), "/nowhere/at/all");
        Assert.DoesNotContain(PathSteps.Of(_directory.File("nowhere")), step => step.IsEnd);
    }

    [Fact]
    public void Links_in_a_circle_are_an_error()
    {
        File.CreateSymbolicLink(_directory.File("a"), "b");
        File.CreateSymbolicLink(_directory.File("b"), "a");

        Assert.Throws<IOException>(() => PathSteps.Of(_directory.File("a")).Count());
    }
}
