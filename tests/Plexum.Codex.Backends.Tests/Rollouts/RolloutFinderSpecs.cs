using Plexum.Codex.Rollouts.Locating;
using Plexum.Codex.Turns;
using Xunit;

namespace Plexum.Codex.Rollouts;

public sealed class RolloutFinderSpecs : IDisposable
{
    private static readonly DateTimeOffset Now = new(2026, 11, 20, 12, 0, 0, TimeSpan.Zero);

    // Its first 48 bits say 2026-02-03.
    private static readonly ThreadId Thread = ThreadId.Parse("019c2257-3a00-7000-8000-000000000001");
    private static readonly ThreadId OfVersion4 = ThreadId.Parse("7b2a6c0e-52c5-4d7e-9a53-0d3c3a6f8e11");

    private readonly TemporaryDirectory _home = new();

    public void Dispose() => _home.Dispose();

    [Theory]
    [InlineData("2026/11/20")]
    [InlineData("2026/11/21")]
    [InlineData("2026/11/19")]
    [InlineData("2026/02/03")]
    [InlineData("2025/01/01")]
    [InlineData("")]
    public void A_rollout_is_found_on_any_day_and_directly_in_the_sessions(string day)
    {
        var path = Make(day, Thread);
        Make(day, OfVersion4);

        Assert.Equal(new RolloutFile(path, 3), Find(Thread));
    }

    [Fact]
    public void A_thread_whose_id_says_nothing_is_found_by_a_walk() => Assert.Equal(Make("2025/01/01", OfVersion4), Find(OfVersion4)?.Path);

    [Fact]
    public void Of_several_the_one_changed_last_is_taken_and_a_compressed_one_only_when_alone()
    {
        var old = Make("2026/11/20", Thread, "rollout-2026-11-20T10-00-00");
        var last = Make("2026/02/03", Thread);
        var compressed = Make("2026/11/20", Thread, ending: ".jsonl.zst");
        File.SetLastWriteTimeUtc(old, Now.UtcDateTime.AddDays(-2));
        File.SetLastWriteTimeUtc(last, Now.UtcDateTime.AddDays(-1));

        Assert.Equal(last, Find(Thread)?.Path);
        File.Delete(last);
        Assert.Equal(old, Find(Thread)?.Path);
        File.Delete(old);
        Assert.Equal((compressed, true), (Find(Thread)?.Path, Find(Thread)!.IsCompressed));
    }

    [Fact]
    public void Nothing_is_found_where_nothing_is()
    {
        Assert.Null(Find(Thread));
        Make("2026/11/20", OfVersion4);
        Directory.CreateDirectory(_home.File($"sessions/2026/11/20/rollout-x-{Thread}.jsonl"));
        Make("2026/11/20", Thread, ending: ".jsonl.bak");
        Assert.Null(Find(Thread));
    }

    [Fact]
    public void Links_below_the_sessions_are_not_followed()
    {
        var elsewhere = Make("elsewhere", Thread);
        Directory.CreateDirectory(_home.File("sessions/2026/11"));
        Directory.CreateSymbolicLink(_home.File("sessions/2026/11/20"), _home.File("sessions/elsewhere"));
        Directory.CreateDirectory(_home.File("sessions/2026/02/03"));
        File.CreateSymbolicLink(_home.File($"sessions/2026/02/03/rollout-x-{Thread}.jsonl"), elsewhere);

        Assert.Null(Find(Thread));
    }

    private RolloutFile? Find(ThreadId thread) => new RolloutFinder(_home.Root, new ManualTime(Now)).Find(thread);

    private string Make(string day, ThreadId thread, string name = "rollout-2026-11-20T12-00-00", string ending = ".jsonl")
    {
        var folder = Directory.CreateDirectory(Path.Combine(_home.Root, "sessions", day)).FullName;
        var path = Path.Combine(folder, $"{name}-{thread}{ending}");
        File.WriteAllText(path, "{}\n");
        return path;
    }
}
