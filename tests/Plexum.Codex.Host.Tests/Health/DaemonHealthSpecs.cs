using Plexum.Codex.Host.Health.Probes;
using Plexum.Codex.Ledger;
using Plexum.Codex.Posix.Resources;
using Plexum.Codex.Problems;

namespace Plexum.Codex.Host.Health;

public sealed class DaemonHealthSpecs : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly ProblemReports _reports = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task A_profile_that_cannot_be_written_is_reported_until_it_can()
    {
        var profile = _directory.File("profile");
        var health = new DaemonHealth(profile, NoLedger.Instance, _reports, TimeProvider.System);

        Assert.Contains(profile, await health.TryWriteAsync(), StringComparison.Ordinal);
        Assert.NotNull(await health.WhyUnwritableAsync());
        Assert.Equal([ProblemKinds.ProfileUnwritable], _reports.Standing);

        Directory.CreateDirectory(profile);
        Assert.Null(await health.WhyUnwritableAsync());
        Assert.Empty(_reports.Standing);
        Assert.Empty(Directory.EnumerateFileSystemEntries(profile));
    }

    [Fact]
    public async Task Whoever_may_ask_without_end_has_the_disk_written_to_once_a_second()
    {
        var (time, why, writes) = (new ManualTime(), (string?)null, 0);
        var probe = new WriteProbe(
            () =>
            {
                writes++;
                return Task.FromResult(why);
            },
            time
        );
        var health = new DaemonHealth(_directory.Root, NoLedger.Instance, _reports, time, writing: probe);
        for (var asked = 0; asked < 100; asked++)
        {
            Assert.Null(await health.TryWriteAtTimesAsync());
        }

        Assert.Equal(1, writes);
        why = "It is full.";
        Assert.Null(await health.TryWriteAtTimesAsync());
        time.Advance(DaemonHealth.Reuse);
        Assert.NotNull(await health.TryWriteAtTimesAsync());
        Assert.Equal(2, writes);

        why = null;
        Assert.NotNull(await health.TryWriteAtTimesAsync());
        Assert.Null(await health.TryWriteAsync());
        Assert.Null(await health.TryWriteAtTimesAsync());
        Assert.Equal(3, writes);
    }

    [Fact]
    public async Task Before_a_turn_a_write_is_tried_unless_one_has_just_succeeded_and_the_disk_has_room()
    {
        var (time, why, writes) = (new ManualTime(), (string?)null, 0);
        var room = new FileSystemRoom(long.MaxValue, null);
        var probe = new WriteProbe(
            () =>
            {
                writes++;
                return Task.FromResult(why);
            },
            time
        );
        var health = new DaemonHealth(_directory.Root, NoLedger.Instance, _reports, time, () => new(room, null), probe);
        Assert.Null(await health.WhyUnwritableAsync());
        Assert.Null(await health.WhyUnwritableAsync());
        Assert.Equal(1, writes);

        why = "It is read-only.";
        time.Advance(DaemonHealth.Reuse);
        Assert.NotNull(await health.WhyUnwritableAsync());
        Assert.NotNull(await health.WhyUnwritableAsync());
        Assert.Equal([ProblemKinds.ProfileUnwritable], _reports.Standing);
        why = null;
        Assert.Null(await health.WhyUnwritableAsync());
        Assert.Equal(4, writes);

        why = "It is full.";
        foreach (var full in new[] { new FileSystemRoom(0, null), new FileSystemRoom(long.MaxValue, 0) })
        {
            room = full;
            Assert.NotNull(await health.WhyUnwritableAsync());
        }

        (room, why) = (new FileSystemRoom(0, null), null);
        Assert.Null(await health.WhyUnwritableAsync());
        Assert.Equal(7, writes);
    }

    [Fact]
    public async Task What_is_told_of_little_room_is_what_was_found_last()
    {
        var room = new RoomProbe.Result(new FileSystemRoom(1, null), "Only 1 byte is left.");
        var health = new DaemonHealth(_directory.Root, NoLedger.Instance, _reports, TimeProvider.System, () => room);
        Assert.True(await health.LookAtRoomAsync());
        Assert.Equal([ProblemKinds.RoomLow], _reports.Standing);

        room = new RoomProbe.Result(new FileSystemRoom(long.MaxValue, null), null);
        Assert.True(await health.LookAtRoomAsync());
        Assert.Empty(_reports.Standing);
    }

    [Fact]
    public async Task While_a_write_hangs_the_problem_that_stands_is_the_answer_at_once()
    {
        var (time, writing) = (new ManualTime(), new TaskCompletionSource<string?>());
        var health = new DaemonHealth(
            _directory.Root,
            NoLedger.Instance,
            _reports,
            time,
            () => new(new FileSystemRoom(long.MaxValue, null), null),
            new WriteProbe(() => writing.Task, time)
        );
        var trying = health.TryWriteAsync();
        time.Advance(DaemonHealth.Limit);
        Assert.NotNull(await trying.WithinLimit());

        var refused = health.WhyUnwritableAsync();

        Assert.True(refused.IsCompleted);
        Assert.NotNull(await refused);
        writing.SetResult(null);
        Assert.Null(await health.TryWriteAsync().WithinLimit());
        Assert.Null(await health.WhyUnwritableAsync());
    }

    [Fact]
    public async Task A_ledger_that_hangs_is_asked_once_for_its_turns_however_many_want_to_know()
    {
        var (time, ledger) = (new ManualTime(), HangingLedger.New());
        var health = new DaemonHealth(_directory.Root, ledger, _reports, time);
        for (var asked = 0; asked < 3; asked++)
        {
            var asking = health.CountOpenTurnsAsync();
            time.Advance(DaemonHealth.Limit);
            Assert.Null(await asking.WithinLimit());
        }

        Assert.Equal(1, HangingLedger.AskedOf(ledger));
    }

    [Fact]
    public async Task A_ledger_that_does_not_get_to_write_is_told_of_after_the_limit()
    {
        using var stage = new LedgerStage();
        await using var ledger = await stage.OpenAsync();
        await LedgerStage.FillAsync(ledger, 1);
        var time = new ManualTime();
        var health = new DaemonHealth(_directory.Root, ledger, _reports, time);
        using (stage.FillDisk())
        {
            ledger.Started(LedgerStage.Turn(1), LedgerStage.Now);
            for (var asked = 0; asked < 2; asked++)
            {
                var asking = health.FlushLedgerAsync();
                await Limits.UntilAsync(() => time.Sleepers > 0);
                Assert.False(asking.IsCompleted);
                time.Advance(DaemonHealth.Limit);
                Assert.Contains("has not been written", await asking.WithinLimit(), StringComparison.Ordinal);
            }
        }

        Assert.Null(await health.FlushLedgerAsync().WithinLimit());
    }
}
