using Plexum.Codex.Turns;
using Xunit;

namespace Plexum.Codex.Threads;

public sealed class ThreadStandingFileSpecs : IDisposable
{
    private static readonly ThreadId Thread = ThreadId.Parse("01a1fa61-01c1-7781-bfa1-609b5404abaf");
    private static readonly DateTimeOffset At = new(2026, 11, 20, 12, 0, 0, TimeSpan.Zero);

    private readonly TemporaryDirectory _directory = new();
    private readonly ThreadStandingFile _file;

    public ThreadStandingFileSpecs() => _file = new ThreadStandingFile(_directory.File("thread-standing.json"));

    public void Dispose() => _directory.Dispose();

    public static TheoryData<ThreadStanding> Standings =>
        new(
            new ThreadStanding(Thread),
            new ThreadStanding(Thread) { Seen = new ThreadSighting("/home/alice/.codex", At) },
            new ThreadStanding(Thread) { Problem = new ThreadProblem(ThreadProblem.Archived, "It is \"archived\".\n", At) },
            new ThreadStanding(Thread)
            {
                Seen = new ThreadSighting(
                    "/",
                    At,
                    new RolloutPlace("/sessions/2026", "8:1:3:4"),
                    new RolloutPlace("/sessions/2026/11/20", "8:1:5:6")
                ),
                Problem = new ThreadProblem(ThreadProblem.Unreachable, "", At),
            }
        );

    [Theory]
    [MemberData(nameof(Standings), DisableDiscoveryEnumeration = true)]
    public void What_is_known_of_a_thread_comes_back(ThreadStanding standing)
    {
        Assert.Null(_file.Load(Thread));

        _file.Save(standing);

        Assert.Equal(standing, _file.Load(Thread));
        Assert.Null(_file.Load(ThreadId.Parse("01a1fa61-4e20-74d3-b29f-f069d25e80ed")));
    }

    [Fact]
    public void A_file_of_an_earlier_version_is_read()
    {
        _directory.Write(
            "thread-standing.json",
            $$"""
            {"thread_id":"{{Thread}}","codex_home":"/x","seen_at":"2026-11-20T12:00:00+00:00","sessions":"8:1:2",
            "place":"/x/d","place_identity":"8:1:3:4","place_had_siblings":true}
            """
        );

        Assert.Equal(new ThreadSighting("/x", At, new RolloutPlace("/x/d", "8:1:3:4")), _file.Load(Thread)?.Seen);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("{\"thread_id\":7}")]
    [InlineData("{\"thread_id\":\"01a1fa61-01c1-7781-bfa1-609b5404abaf\",\"codex_home\":\"/x\"}")]
    [InlineData("{\"thread_id\":\"01a1fa61-01c1-7781-bfa1-609b5404abaf\",\"problem\":\"x\",\"message\":\"y\",\"problem_at\":\"soon\"}")]
    public void A_damaged_file_says_nothing(string content)
    {
        _directory.Write("thread-standing.json", content);

        Assert.Null(_file.Load(Thread));
    }
}
