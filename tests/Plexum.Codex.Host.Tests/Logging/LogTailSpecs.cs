using System.Text;

namespace Plexum.Codex.Host.Logging;

public sealed class LogTailSpecs : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("log-tail-").FullName;

    private string Log => Path.Combine(_folder, "plexum-codex.log");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(0, "")]
    [InlineData(2, "3,4")]
    [InlineData(4, "1,2,3,4")]
    [InlineData(9, "1,2,3,4")]
    public void The_last_lines_come_from_older_files_too(int count, string lines)
    {
        File.WriteAllText(Path.Combine(_folder, "plexum-codex_002.log"), "2\n3\n");
        File.WriteAllText(Path.Combine(_folder, "plexum-codex_001.log"), "1\n");
        File.WriteAllText(Path.Combine(_folder, "audit.jsonl"), "no\n");
        File.WriteAllText(Log, "4\nunfinished");
        using var tail = new LogTail(Log);

        Assert.Equal(lines, string.Join(',', tail.Last(count)));
    }

    [Fact]
    public void No_older_file_is_read_than_is_needed()
    {
        File.CreateSymbolicLink(Path.Combine(_folder, "plexum-codex_001.log"), "unreadable");
        File.WriteAllText(Path.Combine(_folder, "plexum-codex_002.log"), "1\n");
        File.WriteAllText(Log, "2\n3\n");
        using var tail = new LogTail(Log);

        Assert.Equal(["1", "2", "3"], tail.Last(3));
        Assert.Throws<IOException>(() => tail.Last(4));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Lines_of_any_length_are_found_from_the_end(int count)
    {
        string[] lines = ["first", new string('漢', 100_000), "", new string('x', 64 * 1024 - 1)];
        File.WriteAllText(Log, string.Concat(lines.Select(line => line + "\n")));
        using var tail = new LogTail(Log);

        Assert.Equal(lines.TakeLast(count), tail.Last(count));
    }

    [Fact]
    public async Task What_is_written_is_followed_through_every_change_of_files()
    {
        const int Lines = 200;
        using var tail = new LogTail(Log);
        using var limit = new CancellationTokenSource(Limits.Wait);
        using var file = new LineFile(Log, maxBytes: 64, kept: 1000);
        file.Append("first\n"u8);
        Assert.Equal(["first"], tail.Last(10));

        var writing = Task.Run(() =>
        {
            for (var i = 1; i <= Lines; i++)
            {
                file.Append(Encoding.UTF8.GetBytes($"line {i}\n"));

                // Slowly enough for files to change while one is about to be opened.
                Thread.SpinWait(100_000);
            }
        });
        var read = new List<string>();
        await foreach (var line in tail.FollowAsync(TimeProvider.System, limit.Token))
        {
            read.Add(line);
            if (read.Count == 40)
            {
                break;
            }
        }

        await writing;
        Assert.Equal(Enumerable.Range(1, 40).Select(i => $"line {i}"), read);
    }
}
