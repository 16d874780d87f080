using System.Diagnostics;
using System.Formats.Tar;

namespace Plexum.Codex.Host.Backups;

/// <summary>What is in the directories of a profile, whoever made it, and is or is not in a backup.</summary>
public sealed class BackupTreeSpecs : IDisposable
{
    private readonly TemporaryDirectory _place = new();

    private string Workspace => _place.File("agents/alice/workspace");

    public BackupTreeSpecs() => Directory.CreateDirectory(Workspace);

    public void Dispose()
    {
        // .NET cannot name every file.
        using (var remove = Process.Start("rm", ["-rf", _place.File("agents")]))
        {
            remove.WaitForExit();
        }

        _place.Dispose();
    }

    [Fact]
    public void A_link_of_the_owner_s_for_the_agents_is_followed()
    {
        _place.Write("agents/alice/workspace/work", "done");
        Directory.Move(_place.File("agents"), _place.File("elsewhere"));
        Directory.CreateSymbolicLink(_place.File("agents"), "elsewhere");

        var (names, leftOut) = Add();

        Assert.Contains("profile/agents/alice/workspace/work", names);
        Assert.Empty(leftOut);
    }

    [Fact]
    public void A_link_to_nothing_for_the_agents_fails_the_backup()
    {
        Directory.Delete(_place.File("agents"), recursive: true);
        Directory.CreateSymbolicLink(_place.File("agents"), "nowhere");

        Assert.Contains(_place.File("agents"), Assert.Throws<IOException>(() => Add()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Links_in_a_workspace_are_kept_and_not_followed()
    {
        Directory.CreateDirectory(_place.File("home"));
        _place.Write("home/auth.json", "secret");
        Directory.CreateSymbolicLink(Path.Combine(Workspace, "link"), _place.File("home"));

        var (names, leftOut) = Add();

        Assert.Contains("profile/agents/alice/workspace/link", names);
        Assert.DoesNotContain(names, name => name.Contains("auth.json", StringComparison.Ordinal));
        Assert.Empty(leftOut);
    }

    [Fact]
    public void What_no_backup_can_have_is_named()
    {
        _place.Write("agents/no agent", "");
        NamedPipe.Create(Path.Combine(Workspace, "pipe"));
        using (var shell = Process.Start("/bin/sh", ["-c", "cd \"$0\" && : > \"$(printf 'bad\\377')\"", Workspace]))
        {
            shell.WaitForExit();
            Assert.Equal(0, shell.ExitCode);
        }

        var (names, leftOut) = Add();

        Assert.Equal(["profile/agents/", "profile/agents/alice/", "profile/agents/alice/workspace/"], names);
        Assert.Equal(3, leftOut.Length);
        Assert.All(["no agent", "pipe", "UTF-8"], text => Assert.Contains(leftOut, left => left.Contains(text, StringComparison.Ordinal)));
    }

    [Fact]
    public void A_file_that_becomes_shorter_is_padded_only_where_asked()
    {
        var path = _place.Write("file", new string('x', 100));
        using var strict = new SnapshotStream(File.OpenHandle(path, share: FileShare.ReadWrite));
        using var padded = new SnapshotStream(File.OpenHandle(path, share: FileShare.ReadWrite), pads: true);
        using (var file = new FileStream(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite))
        {
            file.SetLength(10);
        }

        var read = new byte[100];
        padded.ReadExactly(read);

        Assert.True(padded.IsPadded);
        byte[] expected = [.. Enumerable.Repeat((byte)'x', 10), .. new byte[90]];
        Assert.Equal(expected, read);
        Assert.Throws<IOException>(() => strict.ReadExactly(new byte[100]));
        Assert.False(strict.IsPadded);
    }

    private (string[] Names, string[] LeftOut) Add()
    {
        using var archive = new MemoryStream();
        BackupTree tree;
        using (var tar = new TarWriter(archive, TarEntryFormat.Pax, leaveOpen: true))
        {
            tree = new BackupTree(tar);
            tree.AddDirectory(_place.File("agents"), "profile/agents");
        }

        archive.Position = 0;
        using var reader = new TarReader(archive);
        var names = new List<string>();
        while (reader.GetNextEntry() is { } entry)
        {
            names.Add(entry.Name);
        }

        return ([.. names], [.. tree.LeftOut]);
    }
}
