using Plexum.Codex.Rollouts.Forks;
using Plexum.Codex.Rollouts.Locating;
using Plexum.Codex.TestSupport.Rollouts;
using Plexum.Codex.Turns;
using Xunit;

namespace Plexum.Codex.Rollouts;

public sealed class RolloutOpenerSpecs : IDisposable
{
    private static readonly ThreadId Thread = ForkHome.Thread(1);

    private readonly ForkHome _home = new();
    private readonly string _plain;
    private readonly long _length;

    public RolloutOpenerSpecs()
    {
        _plain = _home.PathOf(1);
        _length = _home.Write(1, ForkHome.Meta(1), ForkHome.Tokens(7, 2));
    }

    private string Packed => _plain + ".zst";

    public void Dispose() => _home.Dispose();

    [Fact]
    public void A_rollout_that_codex_compresses_after_it_was_found_is_opened_where_it_is_now()
    {
        var found = _home.Finder.Find(Thread)!;
        _home.Compress(1);

        AssertOpens(Packed, found);
    }

    [Fact]
    public void A_compressed_rollout_that_codex_unpacks_after_it_was_found_is_opened_where_it_is_now()
    {
        _home.Compress(1);
        var found = _home.Finder.Find(Thread)!;
        Zstd.UnpackFile(Packed);

        AssertOpens(_plain, found);
    }

    [Fact]
    public void A_rollout_that_is_gone_after_it_was_found_is_none_and_no_problem()
    {
        var found = _home.Finder.Find(Thread)!;
        File.Delete(_plain);

        using var rollout = _home.Opener.TryOpen(Thread, found, out var problem);

        Assert.Null(rollout);
        Assert.Null(problem);
    }

    private void AssertOpens(string path, RolloutFile found)
    {
        using var rollout = _home.Opener.TryOpen(Thread, found, out var problem);

        Assert.Null(problem);
        Assert.Equal((path, _length), (rollout?.Path, rollout?.Length));
        Assert.Equal(_length, _home.Opener.EndOf(Thread, found)?.Length);
    }
}
