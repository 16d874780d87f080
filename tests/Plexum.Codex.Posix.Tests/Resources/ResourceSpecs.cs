using Xunit;

namespace Plexum.Codex.Posix.Resources;

public sealed class ResourceSpecs
{
    // As Linux 6.8 prints it.
    private const string Limits = """
        Limit                     Soft Limit           Hard Limit           Units
        Max cpu time              unlimited            unlimited            seconds
        Max processes             63432                63432                processes
        Max open files            1024                 524288               files
        Max locked memory         8388608              8388608              bytes
        """;

    [Fact]
    public void The_soft_limits_are_read()
    {
        Assert.Equal(new ProcessLimits(1024, 63432), ProcessLimits.Parse(Limits));
        Assert.Equal(
            new ProcessLimits(long.MaxValue, long.MaxValue),
            ProcessLimits.Parse("Max open files            unlimited            unlimited            files\n")
        );
    }

    [Theory]
    [InlineData("")]
    [InlineData("Max open files")]
    [InlineData("Max open files            \n")]
    [InlineData("Max open files            -1 x\nMax processes x")]
    [InlineData("Max processes 99999999999999999999999999")]
    public void What_is_not_there_counts_as_unlimited(string text) =>
        Assert.Equal(new ProcessLimits(long.MaxValue, long.MaxValue), ProcessLimits.Parse(text));

    [Fact]
    public void The_limits_of_this_process_are_those_of_its_pid()
    {
        Assert.Equal(ProcessLimits.OfThis(), ProcessLimits.OfProcess(Environment.ProcessId));
        Assert.True(ProcessLimits.OfThis().OpenFiles > 0);
        Assert.ThrowsAny<IOException>(() => ProcessLimits.OfProcess(int.MaxValue));
    }

    [Fact]
    public void The_room_is_the_one_that_the_system_tells()
    {
        var place = Path.GetTempPath();
        var room = FileSystemRoom.Of(place);

        // Others write too, so the numbers are close and not the same.
        Assert.InRange(new DriveInfo(place).AvailableFreeSpace / (double)Math.Max(1, room.FreeBytes), 0.5, 2);
        Assert.True(room.FreeFiles is null or > 0);
        Assert.Contains("/nowhere", Assert.Throws<IOException>(() => FileSystemRoom.Of("/nowhere")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_full_file_system_has_no_room()
    {
        // proc(5) has no blocks at all.
        Assert.Equal(0, FileSystemRoom.Of("/proc").FreeBytes);
    }
}
