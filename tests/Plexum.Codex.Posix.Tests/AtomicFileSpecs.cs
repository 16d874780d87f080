using System.Text;
using Xunit;

namespace Plexum.Codex.Posix;

public sealed class AtomicFileSpecs : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Readers_see_the_old_file_or_the_new_one_and_nothing_between()
    {
        var path = _directory.File("file");
        byte[][] versions =
        [
            [.. Enumerable.Repeat((byte)'a', 100_000)],
            [.. Enumerable.Repeat((byte)'b', 50_000)],
        ];
        AtomicFile.Write(path, versions[0]);
        using var done = new CancellationTokenSource();
        var reader = Task.Run(() =>
        {
            var seen = 0;
            while (!done.IsCancellationRequested || seen == 0)
            {
                var content = File.ReadAllBytes(path);
                Assert.Contains(versions, version => content.AsSpan().SequenceEqual(version));
                seen++;
            }
        });

        for (var i = 0; i < 200; i++)
        {
            AtomicFile.Write(path, versions[i % 2], durable: false);
        }

        await done.CancelAsync();
        await reader.WithinLimit();
        Assert.Equal([path], Directory.GetFiles(_directory.Root));
    }

    [Fact]
    public void A_failed_replacement_leaves_nothing_behind()
    {
        var path = _directory.File("taken");
        Directory.CreateDirectory(path);

        var error = Assert.Throws<IOException>(() => AtomicFile.Write(path, "x"u8));

        Assert.Contains(path, error.Message, StringComparison.Ordinal);
        Assert.Equal([path], Directory.GetFileSystemEntries(_directory.Root));
    }

    [Fact]
    public void A_new_file_is_not_written_through_a_link()
    {
        var target = _directory.File("target");
        File.CreateSymbolicLink(_directory.File("link"), target);

        Assert.Throws<IOException>(() => AtomicFile.Create(_directory.File("link"), "x"u8));
        Assert.False(File.Exists(target));
    }

    [Fact]
    public void A_file_is_created_once_with_all_of_its_content_and_by_nobody_else()
    {
        var path = _directory.File("file");

        Assert.True(AtomicFile.TryCreate(path, "first"u8));
        Assert.False(AtomicFile.TryCreate(path, "second"u8));

        Assert.Equal("first", File.ReadAllText(path));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
        Assert.Equal([path], Directory.GetFileSystemEntries(_directory.Root));
    }

    [Fact]
    public void A_file_is_created_once_also_where_it_cannot_be_given_a_name_afterwards()
    {
        var path = _directory.File("file");

        Assert.True(AtomicFile.TryCreateInPlace(path, "first"u8));
        Assert.False(AtomicFile.TryCreateInPlace(path, "second"u8));

        Assert.Equal("first", File.ReadAllText(path));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
        File.CreateSymbolicLink(_directory.File("link"), _directory.File("target"));
        Assert.False(AtomicFile.TryCreateInPlace(_directory.File("link"), "x"u8));
        Assert.False(File.Exists(_directory.File("target")));
    }

    [Fact]
    public void A_file_that_cannot_be_created_leaves_nothing_behind()
    {
        Assert.ThrowsAny<IOException>(() => AtomicFile.TryCreateInPlace(_directory.File("gone/file"), "x"u8));
        Assert.ThrowsAny<IOException>(() => AtomicFile.TryCreate(_directory.File("gone/file"), "x"u8));
        Assert.Empty(Directory.GetFileSystemEntries(_directory.Root));
    }

    [Fact]
    public void A_link_has_the_name_of_a_file_that_is_to_be_created_and_stays()
    {
        var (path, target) = (_directory.File("link"), _directory.File("target"));
        File.CreateSymbolicLink(path, target);

        Assert.False(AtomicFile.TryCreate(path, "x"u8));

        Assert.False(File.Exists(target));
        Assert.Equal(target, new FileInfo(path).LinkTarget);
    }

    [Fact]
    public void A_replaced_file_has_all_of_the_new_content()
    {
        var path = _directory.Write("file", "a longer content than the new one");

        AtomicFile.Write(path, Encoding.UTF8.GetBytes("new"));

        Assert.Equal("new", File.ReadAllText(path));
    }
}
