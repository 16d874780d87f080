using Akka.TestKit;
using Plexum.Codex.Host.Health.Probes;
using Plexum.Codex.Ledger;
using Plexum.Codex.Problems;

namespace Plexum.Codex.Host.Health;

public sealed class ResourceWatchActorSpecs : Akka.TestKit.Xunit2.TestKit
{
    private readonly TemporaryDirectory _directory = new();
    private readonly ProblemReports _reports = new();
    private readonly ManualTime _time = new();

    public ResourceWatchActorSpecs()
        : base(TestSystem.WithClockAndLog) { }

    private TestClock Clock => (TestClock)Sys.Scheduler;

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        if (disposing)
        {
            _directory.Dispose();
        }
    }

    [Fact]
    public async Task Descriptors_that_cannot_be_counted_because_none_is_left_are_the_problem_and_the_disk_is_looked_at()
    {
        DescriptorProbe? found = null;
        Watch(() => found ?? throw new IOException("Too many open files", 24));
        await Limits.UntilAsync(() => Has(ProblemKinds.DescriptorsLow) && Has(ProblemKinds.RoomLow));

        found = new DescriptorProbe(Open: 10, Limit: 4096);

        await LooksUntilAsync(() => !Has(ProblemKinds.DescriptorsLow));
        Assert.Equal([ProblemKinds.RoomLow], _reports.Standing);
    }

    [Fact]
    public async Task Descriptors_that_cannot_be_counted_for_another_reason_keep_nobody_from_looking_at_the_disk()
    {
        Watch(() => throw new IOException("There is no /proc."));

        await Limits.UntilAsync(() => Has(ProblemKinds.RoomLow));

        Assert.False(Has(ProblemKinds.DescriptorsLow));
    }

    [Fact]
    public async Task A_write_that_hangs_is_a_problem_and_one_hangs_at_most()
    {
        var (writing, writes) = (new TaskCompletionSource<string?>(), 0);
        var probe = new WriteProbe(
            () =>
            {
                Interlocked.Increment(ref writes);
                return writing.Task;
            },
            _time
        );
        Watch(() => new DescriptorProbe(Open: 10, Limit: 4096), probe);

        for (var look = 0; look < 3; look++)
        {
            await LooksUntilAsync(() => _time.Sleepers > 0);
            _time.Advance(DaemonHealth.Limit);
            await Limits.UntilAsync(() => Has(ProblemKinds.ProfileUnwritable));
        }

        Assert.Equal(1, Volatile.Read(ref writes));
        writing.SetResult(null);
        await LooksUntilAsync(() => !Has(ProblemKinds.ProfileUnwritable));
    }

    [Fact]
    public async Task The_room_is_looked_at_also_while_nothing_can_be_written()
    {
        Watch(() => new DescriptorProbe(Open: 10, Limit: 4096), new WriteProbe(() => Task.FromResult<string?>("It is full."), _time));

        await Limits.UntilAsync(() => Has(ProblemKinds.ProfileUnwritable) && Has(ProblemKinds.RoomLow));
    }

    private void Watch(Func<DescriptorProbe> descriptors, WriteProbe? writing = null)
    {
        var room = new RoomProbe(_directory.Root, MinBytes: long.MaxValue);
        var health = new DaemonHealth(_directory.Root, NoLedger.Instance, _reports, _time, room.Look, writing);
        Sys.ActorOf(ResourceWatchActor.Props(health, descriptors, _reports));
    }

    private bool Has(ProblemKind kind) => _reports.Standing.Contains(kind);

    // It does not look while it looks.
    private Task LooksUntilAsync(Func<bool> holds) =>
        Limits.UntilAsync(() =>
        {
            Clock.Advance(ResourceWatchActor.Interval);
            return holds();
        });
}
