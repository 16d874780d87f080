using System.Diagnostics;
using Xunit;

namespace Plexum.Codex.Threads;

public sealed class GitExcludeSpecs : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly string _workspace;

    public GitExcludeSpecs()
    {
        // Links to the temporary directory are not the subject.
        _workspace = Posix.Paths.RealPath.OfDirectory(Directory.CreateDirectory(_directory.File("w")).FullName)!;
    }

    private string Exclude => Path.Combine(_workspace, ".git", "info", "exclude");

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData(null, "/.plexum-codex-session\n")]
    [InlineData("", "/.plexum-codex-session\n")]
    [InlineData("# mine\n*.o\n", "# mine\n*.o\n/.plexum-codex-session\n")]
    [InlineData("*.o", "*.o\n/.plexum-codex-session\n")]
    public void A_repositorys_own_list_gets_a_line_once(string? before, string after)
    {
        Init();
        if (before is not null)
        {
            File.WriteAllText(Exclude, before);
        }

        Assert.Null(GitExclude.Keep(_workspace));
        Assert.Null(GitExclude.Keep(_workspace));

        Assert.Equal(after, File.ReadAllText(Exclude));
    }

    [Fact]
    public void A_workspace_without_a_repository_gets_nothing()
    {
        Assert.Null(GitExclude.Keep(_workspace));

        Assert.Empty(Directory.EnumerateFileSystemEntries(_workspace));
    }

    [Theory]
    [InlineData("/.plexum-codex-session\r\n", ".git/info")]
    [InlineData(".plexum-codex-session\n", ".git/info")]
    [InlineData(".plexum-codex-session\n", "gitdir")]
    public void A_gitignore_that_has_the_file_is_enough(string line, string git)
    {
        File.WriteAllText(Path.Combine(_workspace, ".gitignore"), line);
        Make(git);

        Assert.Null(GitExclude.Keep(_workspace));

        Assert.False(File.Exists(Exclude));
    }

    [Fact]
    public void In_a_worktree_or_a_submodule_the_user_is_told_and_nothing_is_written_where_it_leads()
    {
        var elsewhere = Directory.CreateDirectory(_directory.File("repo/.git/worktrees/w/info")).FullName;
        File.WriteAllText(Path.Combine(_workspace, ".git"), $"gitdir: {Path.GetDirectoryName(elsewhere)}\n");

        var told = GitExclude.Keep(_workspace);

        Assert.Contains(_workspace, told, StringComparison.Ordinal);
        Assert.Contains("git rev-parse --git-path info/exclude", told, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(elsewhere));
    }

    [Fact]
    public void Below_the_top_of_a_repository_the_user_is_told()
    {
        Init();
        var below = Directory.CreateDirectory(Path.Combine(_workspace, "src", "app")).FullName;

        Assert.Contains(_workspace, GitExclude.Keep(below), StringComparison.Ordinal);

        Assert.False(File.Exists(Exclude));
    }

    [Theory]
    [InlineData(".git")]
    [InlineData(".git/info")]
    [InlineData(".git/info/exclude")]
    public void A_link_that_leads_out_of_the_workspace_is_not_followed(string link)
    {
        var outside = Directory.CreateDirectory(_directory.File("outside/info")).Parent!.FullName;
        var target = link switch
        {
            ".git" => outside,
            ".git/info" => Path.Combine(outside, "info"),
            _ => _directory.Write("outside/info/exclude", "mine\n"),
        };
        var path = Path.Combine(_workspace, link);
        if (link != ".git")
        {
            Init();
            Directory.Delete(Path.GetDirectoryName(Exclude)!);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        }

        File.CreateSymbolicLink(path, target);

        Assert.NotNull(GitExclude.Keep(_workspace));

        Assert.DoesNotContain(Directory.EnumerateFiles(outside, "*", SearchOption.AllDirectories), file =>
            File.ReadAllText(file).Contains("plexum", StringComparison.Ordinal)
        );
    }

    [Fact]
    public void A_list_that_has_a_name_outside_as_well_is_left_alone_and_told()
    {
        var outside = _directory.Write("outside", "mine\n");
        Init();
        Link(outside, Exclude);

        var told = GitExclude.Keep(_workspace);

        Assert.Contains("hard link", told, StringComparison.Ordinal);
        Assert.Equal("mine\n", File.ReadAllText(outside));
    }

    [Fact]
    public void A_directory_in_the_lists_place_is_told()
    {
        Init();
        Directory.CreateDirectory(Exclude);

        Assert.NotNull(GitExclude.Keep(_workspace));
    }

    // The sandbox of codex leaves such a one.
    [Fact]
    public void An_empty_directory_of_that_name_is_no_repository()
    {
        Directory.CreateDirectory(Path.Combine(_workspace, ".git"));
        var below = Directory.CreateDirectory(Path.Combine(_workspace, "below")).FullName;

        Assert.Null(GitExclude.Keep(_workspace));
        Assert.Null(GitExclude.Keep(below));
    }

    private void Init()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Exclude)!);
        File.WriteAllText(Path.Combine(_workspace, ".git", "HEAD"), "ref: refs/heads/main\n");
    }

    private static void Link(string target, string path)
    {
        using var link = Process.Start("ln", [target, path]);
        link.WaitForExit();
        Assert.Equal(0, link.ExitCode);
    }

    private void Make(string git)
    {
        if (git == "gitdir")
        {
            File.WriteAllText(Path.Combine(_workspace, ".git"), "gitdir: /nowhere\n");
        }
        else
        {
            Directory.CreateDirectory(Path.Combine(_workspace, git));
        }
    }
}
