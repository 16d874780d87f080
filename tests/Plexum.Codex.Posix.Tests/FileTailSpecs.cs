using System.Text;
using Xunit;

namespace Plexum.Codex.Posix;

public sealed class FileTailSpecs : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_tail_gives_what_is_appended_while_it_waits(bool watch)
    {
        var path = _directory.Write("file", "one");
        using var tail = new FileTail(path, TimeProvider.System, watch: watch);
        var buffer = new byte[100];

        Assert.Equal(3, await tail.ReadAsync(buffer).WithinLimit());
        var waiting = tail.ReadAsync(buffer).AsTask();
        Assert.False(waiting.IsCompleted);
        await File.AppendAllTextAsync(path, "two");
        Assert.Equal(3, await waiting.WithinLimit());

        Assert.Equal("two", Encoding.ASCII.GetString(buffer, 0, 3));
        Assert.Equal(watch, tail.IsWatched);
    }

    [Fact]
    public async Task A_tail_ends_only_when_it_is_told_so_and_all_is_read()
    {
        var path = _directory.Write("file", "");
        using var tail = new FileTail(path, TimeProvider.System);
        var buffer = new byte[4];
        var waiting = tail.ReadAsync(buffer).AsTask();

        await File.AppendAllTextAsync(path, "123456");
        Assert.Equal(4, await waiting.WithinLimit());
        tail.Complete();

        Assert.Equal(2, await tail.ReadAsync(buffer).WithinLimit());
        Assert.Equal(0, await tail.ReadAsync(buffer).WithinLimit());
        Assert.Equal(0, await tail.ReadAsync(buffer).WithinLimit());
    }

    [Fact]
    public async Task A_tail_that_waits_ends_when_it_is_told_so()
    {
        using var tail = new FileTail(_directory.Write("file", ""), TimeProvider.System);
        var waiting = tail.ReadAsync(new byte[4]).AsTask();

        tail.Complete();

        Assert.Equal(0, await waiting.WithinLimit());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_wait_ends_with_its_token_and_loses_nothing(bool watch)
    {
        var path = _directory.Write("file", "");
        using var tail = new FileTail(path, TimeProvider.System, watch: watch);
        using var cancellation = new CancellationTokenSource();
        var waiting = tail.ReadAsync(new byte[4], cancellation.Token).AsTask();

        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting.WithinLimit());
        await File.AppendAllTextAsync(path, "ab");
        Assert.Equal(2, await tail.ReadAsync(new byte[4]).WithinLimit());
    }

    [Fact]
    public async Task Many_tails_of_one_file_all_see_every_byte_of_a_busy_writer()
    {
        const int Lines = 2000;
        var path = _directory.Write("file", "");
        var tails = Enumerable.Range(0, 8).Select(_ => new FileTail(path, TimeProvider.System)).ToList();
        var readers = tails.Select(tail => Task.Run(() => Count(tail))).ToList();

        await using (var writer = new StreamWriter(path, append: true) { AutoFlush = true })
        {
            for (var i = 0; i < Lines; i++)
            {
                await writer.WriteAsync("0123456789");
            }
        }

        tails.ForEach(tail => tail.Complete());
        Assert.All(await Task.WhenAll(readers).WithinLimit(), count => Assert.Equal(Lines * 10, count));
        tails.ForEach(tail => tail.Dispose());
    }

    [Fact]
    public async Task A_tail_begins_where_it_is_told()
    {
        using var tail = new FileTail(_directory.Write("file", "0123456789"), TimeProvider.System, position: 7);
        var buffer = new byte[10];

        Assert.Equal(3, await tail.ReadAsync(buffer).WithinLimit());
        Assert.Equal("789", Encoding.ASCII.GetString(buffer, 0, 3));
        Assert.Equal(10, tail.Position);
    }

    private static async Task<long> Count(FileTail tail)
    {
        var buffer = new byte[777];
        long total = 0;
        while (await tail.ReadAsync(buffer) is > 0 and var count)
        {
            total += count;
        }

        return total;
    }
}
