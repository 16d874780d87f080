using Plexum.Codex.Rollouts.Forks;
using Plexum.Codex.Turns;
using Xunit;

namespace Plexum.Codex.Rollouts.Reading;

public sealed class ThreadTotalSpecs : IDisposable
{
    private readonly ForkHome _home = new();

    public void Dispose() => _home.Dispose();

    [Theory]
    [InlineData(0)]
    [InlineData(70_000)]
    [InlineData(3_000_000)]
    public void The_total_is_the_last_one_before_the_place_however_far_it_is(int padding)
    {
        var end = _home.Write(1, ForkHome.Meta(1), ForkHome.Tokens(1, 1), ForkHome.Tokens(100, 20), new string('x', padding));
        File.AppendAllText(_home.PathOf(1), ForkHome.Tokens(300, 50) + "\n");

        Assert.Equal(new Usage(100, 20, 0, 0), TotalOf(1, end));
    }

    [Fact]
    public void A_thread_that_codex_counted_nothing_in_begins_at_zero()
    {
        var end = _home.Write(1, ForkHome.Meta(1));

        Assert.Equal(Usage.Zero, TotalOf(1, end));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_fork_without_a_count_of_its_own_continues_that_of_its_parent_at_the_fork(bool isCompressed)
    {
        var forked = _home.Write(1, ForkHome.Meta(1), ForkHome.Tokens(100, 20));
        File.AppendAllText(_home.PathOf(1), ForkHome.Tokens(900, 90) + "\n");
        if (isCompressed)
        {
            _home.Compress(1);
        }

        var again = _home.Write(2, ForkHome.Fork(2, parent: 1, forked));
        var end = _home.Write(3, ForkHome.Fork(3, parent: 2, again));

        Assert.Equal(new Usage(100, 20, 0, 0), TotalOf(3, end));
    }

    [Fact]
    public void A_fork_with_a_count_of_its_own_has_that()
    {
        var forked = _home.Write(1, ForkHome.Meta(1), ForkHome.Tokens(100, 20));
        var end = _home.Write(2, ForkHome.Fork(2, parent: 1, forked), ForkHome.Tokens(600, 120));

        Assert.Equal(new Usage(600, 120, 0, 0), TotalOf(2, end));
    }

    [Fact]
    public void The_total_of_a_fork_whose_parent_is_gone_is_unknown()
    {
        var end = _home.Write(2, ForkHome.Fork(2, parent: 1, 100));

        Assert.Null(TotalOf(2, end));
    }

    [Fact]
    public void The_total_of_forks_in_a_circle_is_unknown()
    {
        _home.Write(1, ForkHome.Fork(1, parent: 2, 100));
        var end = _home.Write(2, ForkHome.Fork(2, parent: 1, 100));
        var own = _home.Write(3, ForkHome.Fork(3, parent: 3, 100));

        Assert.Null(TotalOf(2, end));
        Assert.Null(TotalOf(3, own));
    }

    [Theory]
    [InlineData(64, true)]
    [InlineData(65, false)]
    public void The_total_of_a_fork_with_too_many_origins_is_unknown(int origins, bool isKnown)
    {
        var end = _home.Write(1, ForkHome.Meta(1), ForkHome.Tokens(100, 20));
        for (var number = 2; number <= origins + 1; number++)
        {
            end = _home.Write(number, ForkHome.Fork(number, number - 1, end));
        }

        Assert.Equal(isKnown ? new Usage(100, 20, 0, 0) : null, TotalOf(origins + 1, end));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_total_of_a_thread_whose_head_is_too_long_is_unknown_until_it_has_a_count_of_its_own(bool isParent)
    {
        var head = ForkHome.Meta(1, $",\"instructions\":\"{new string('x', 5_000_000)}\"");
        var end = _home.Write(1, head);
        var thread = 1;
        if (isParent)
        {
            end = _home.Write(2, ForkHome.Fork(2, parent: 1, end));
            thread = 2;
        }

        Assert.Null(TotalOf(thread, end));

        File.AppendAllText(_home.PathOf(thread), ForkHome.Tokens(100, 20) + "\n");
        Assert.Equal(new Usage(100, 20, 0, 0), TotalOf(thread, new FileInfo(_home.PathOf(thread)).Length));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(13)]
    [InlineData(200)]
    public void A_count_is_found_wherever_the_pieces_of_the_file_part_it(int shift)
    {
        const int Piece = 128 * 1024;
        var count = ForkHome.Tokens(100, 20);
        var mark = count.IndexOf("\"token_count\"", StringComparison.Ordinal);
        var end = _home.Write(1, ForkHome.Meta(1), count, new string('x', Piece - (count.Length - mark) - 2 + shift));

        Assert.Equal(new Usage(100, 20, 0, 0), TotalOf(1, end));
    }

    [Fact]
    public void What_only_speaks_of_a_count_is_none()
    {
        var end = _home.Write(
            1,
            ForkHome.Meta(1),
            ForkHome.Tokens(100, 20),
            """{"timestamp":"t","type":"event_msg","payload":{"type":"token_count","info":null}}""",
            """{"timestamp":"t","type":"response_item","payload":{"type":"message","text":"token_count"}}""",
            ForkHome.Tokens(900, 90)[..^1]
        );

        Assert.Equal(new Usage(100, 20, 0, 0), TotalOf(1, end));
    }

    private Usage? TotalOf(int number, long end)
    {
        using var rollout = _home.Open(number);
        return new ThreadTotal(new RolloutAncestors(_home.Opener)).Before(ForkHome.Thread(number), rollout, end);
    }
}
