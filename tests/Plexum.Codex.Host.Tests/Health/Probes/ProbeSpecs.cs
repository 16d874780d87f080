namespace Plexum.Codex.Host.Health.Probes;

public sealed class ProbeSpecs : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task A_write_that_works_leaves_nothing_behind()
    {
        var probe = new WriteProbe(_directory.Root, TimeProvider.System);

        Assert.Null(await probe.TryAsync(WriteProbe.DefaultLimit).WithinLimit());

        Assert.Empty(Directory.EnumerateFileSystemEntries(_directory.Root));
    }

    [Fact]
    public async Task A_write_that_fails_says_why_and_is_tried_again()
    {
        var place = _directory.File("missing");
        var probe = new WriteProbe(place, TimeProvider.System);
        var why = await probe.TryAsync(WriteProbe.DefaultLimit).WithinLimit();
        Directory.CreateDirectory(place);

        Assert.EndsWith($"'{place}'.", why, StringComparison.Ordinal);
        Assert.Null(await probe.TryAsync(WriteProbe.DefaultLimit).WithinLimit());
    }

    [Fact]
    public async Task A_write_that_hangs_is_told_of_at_the_deadline_and_not_repeated_while_it_hangs()
    {
        var (time, writing, writes) = (new ManualTime(), new TaskCompletionSource<string?>(), 0);
        var probe = new WriteProbe(
            () =>
            {
                writes++;
                return writing.Task;
            },
            time
        );
        for (var asked = 0; asked < 3; asked++)
        {
            var asking = probe.TryAsync(WriteProbe.DefaultLimit);
            time.Advance(WriteProbe.DefaultLimit - TimeSpan.FromMilliseconds(1));
            Assert.False(asking.IsCompleted);
            time.Advance(TimeSpan.FromMilliseconds(1));
            Assert.Contains("did not finish", await asking.WithinLimit(), StringComparison.Ordinal);
        }

        Assert.Equal(1, writes);
        writing.SetResult(null);
        Assert.Null(await probe.TryAsync(WriteProbe.DefaultLimit).WithinLimit());
        Assert.Equal(2, writes);
    }

    [Fact]
    public void Too_little_room_is_a_problem_in_bytes_and_in_files()
    {
        var well = new RoomProbe(_directory.File("not/there/yet"), MinBytes: 1, MinFiles: 0).Look();

        Assert.Null(well.Problem);
        Assert.NotNull(well.Room);
        Assert.Contains(_directory.Root, new RoomProbe(_directory.Root, MinBytes: long.MaxValue).Look().Problem, StringComparison.Ordinal);
        if (well.Room!.Value.FreeFiles is not null)
        {
            var files = new RoomProbe(_directory.Root, MinBytes: 0, MinFiles: long.MaxValue).Look().Problem;
            Assert.Contains("inodes", files, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(512, "0.5 KiB")]
    [InlineData(3L << 20, "3 MiB")]
    [InlineData(5L << 29, "2.5 GiB")]
    public void Amounts_are_written_as_people_read_them(long bytes, string expected) => Assert.Equal(expected, RoomProbe.Describe(bytes));

    [Theory]
    [InlineData(10, 100, true)]
    [InlineData(10, 1024, false)]
    [InlineData(1000, 1024, true)]
    [InlineData(1000, long.MaxValue, false)]
    public void Few_descriptors_are_a_problem(long open, long limit, bool isProblem) =>
        Assert.Equal(isProblem, new DescriptorProbe(open, limit).Problem is not null);

    [Theory]
    [InlineData(23, true)]
    [InlineData(24, true)]
    [InlineData(2, false)]
    public void No_descriptor_left_is_told_from_other_failures(int error, bool isShortage) =>
        Assert.Equal(isShortage, DescriptorProbe.IsShortage(new IOException("It failed.", error)));

    [Fact]
    public void The_descriptors_of_a_process_are_counted()
    {
        Assert.True(DescriptorProbe.OfThis().Open > 2);
        Assert.ThrowsAny<IOException>(() => DescriptorProbe.OfProcess(int.MaxValue));
    }
}
