using Plexum.Codex.Turns;

namespace Plexum.Codex.Rollouts.Whereabouts;

public sealed class MisplacedRolloutSpecs : IDisposable
{
    private const string Id = "01a22c44-cda6-7ea2-88b6-37d9f7dd5070";
    private const string Name = $"rollout-2026-11-30T11-43-56-{Id}.jsonl";
    private const string Active = $"sessions/2026/11/30/{Name}";
    private const string Archived = $"archived_sessions/{Name}";

    private static readonly ThreadId Thread = ThreadId.Parse(Id);

    private readonly TemporaryDirectory _home = new();

    [Theory]
    [InlineData(Active, Archived)]
    [InlineData(Archived, Active)]
    public void A_rollout_is_moved_to_where_the_index_has_it(string indexed, string path)
    {
        Write(path);

        Assert.True(MisplacedRollout.PutBack(Thread, At(indexed)));

        Assert.Equal("{}", File.ReadAllText(At(indexed)));
        Assert.False(File.Exists(At(path)));
    }

    [Theory]
    [InlineData(Active)]
    [InlineData(Archived)]
    public void A_rollout_that_is_where_the_index_has_it_stays_there(string indexed)
    {
        Write(Active);
        Write(Archived);

        Assert.False(MisplacedRollout.PutBack(Thread, At(indexed)));

        Assert.True(File.Exists(At(Active)) && File.Exists(At(Archived)));
    }

    [Fact]
    public void Nothing_is_moved_for_a_thread_without_a_rollout_or_with_another_ones()
    {
        Assert.False(MisplacedRollout.PutBack(Thread, At(Active)));

        Write(Archived);
        Assert.False(MisplacedRollout.PutBack(ThreadId.Parse("01a22c44-cda6-7ea2-88b6-37d9f7dd5071"), At(Active)));
        Assert.True(File.Exists(At(Archived)));
    }

    public void Dispose() => _home.Dispose();

    private string At(string path) => Path.Combine(_home.Root, path);

    private void Write(string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(At(path))!);
        File.WriteAllText(At(path), "{}");
    }
}
