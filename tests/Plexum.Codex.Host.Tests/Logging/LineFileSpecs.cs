using System.Globalization;
using System.Text;

namespace Plexum.Codex.Host.Logging;

public sealed class LineFileSpecs : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Several_that_write_at_once_lose_no_line_and_overwrite_none()
    {
        const int Lines = 2_000;
        var writers = Enumerable
            .Range(0, 4)
            .Select(writer =>
                Task.Run(() =>
                {
                    // As in another process: a descriptor of its own, and no lock of .NET's in common.
                    using var file = Open(8 * 1024, kept: 1_000);
                    for (var line = 0; line < Lines; line++)
                    {
                        Append(file, string.Create(CultureInfo.InvariantCulture, $"{writer} {line}"));
                    }
                })
            );

        await Task.WhenAll(writers).WithinLimit();

        // One that sees another's line half-written may take it for torn, and end it.
        var written = Files().SelectMany(File.ReadAllLines).Where(line => line.Length > 0).Order(StringComparer.Ordinal);
        Assert.Equal(
            Enumerable
                .Range(0, 4)
                .SelectMany(writer => Enumerable.Range(0, Lines).Select(line => $"{writer} {line}"))
                .Order(StringComparer.Ordinal),
            written
        );
        Assert.True(Files().Length > 3);
    }

    [Fact]
    public void A_full_file_is_renamed_and_only_the_newest_are_kept()
    {
        _directory.Write("log-20260131.txt", "of an earlier version");
        _directory.Write("log-other.txt", "another file");
        using var file = Open(100, kept: 3);

        for (var line = 0; line < 50; line++)
        {
            Append(file, $"line {line:D2}");
        }

        Assert.Equal(["log-other.txt", "log.txt", "log_003.txt", "log_004.txt"], Files().Select(Path.GetFileName));
        Assert.All(Files().Skip(1), path => Assert.InRange(new FileInfo(path).Length, 1, 100));
        Assert.Equal("line 49", File.ReadLines(_directory.File("log.txt")).Last());
        Assert.All(Files().Skip(1), path => Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path)));
    }

    [Fact]
    public void What_could_not_be_written_does_not_keep_the_next_line_out()
    {
        using var file = Open(100, kept: 3);
        Directory.CreateDirectory(_directory.File("log.txt"));
        Assert.Throws<IOException>(() => Append(file, "lost"));

        Directory.Delete(_directory.File("log.txt"));
        Append(file, "written");

        Assert.Equal(["written"], File.ReadAllLines(_directory.File("log.txt")));
    }

    [Fact]
    public void A_line_that_another_process_could_not_write_to_its_end_does_not_swallow_the_next_one()
    {
        var path = _directory.Write("log.txt", "to");
        using var file = Open(1000, kept: 3);

        Append(file, "next");
        File.AppendAllText(path, "rn");
        Append(file, "last");

        Assert.Equal(["to", "next", "rn", "last"], File.ReadAllLines(path));
    }

    [Fact]
    public void A_link_in_its_place_is_not_followed()
    {
        var target = _directory.Write("target", "");
        File.CreateSymbolicLink(_directory.File("log.txt"), target);
        using var file = Open(100, kept: 3);

        Assert.Throws<IOException>(() => Append(file, "x"));

        Assert.Empty(File.ReadAllText(target));
    }

    private LineFile Open(long maxBytes, int kept) => new(_directory.File("log.txt"), maxBytes, kept);

    private string[] Files() => [.. Directory.GetFiles(_directory.Root, "log*").Order(StringComparer.Ordinal)];

    private static void Append(LineFile file, string line) => file.Append(Encoding.UTF8.GetBytes(line + "\n"));
}
