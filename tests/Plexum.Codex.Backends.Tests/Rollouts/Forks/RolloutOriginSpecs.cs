using Plexum.Codex.Rollouts.Reading;
using Xunit;

namespace Plexum.Codex.Rollouts.Forks;

public sealed class RolloutOriginSpecs : IDisposable
{
    private readonly ForkHome _home = new();

    public void Dispose() => _home.Dispose();

    [Fact]
    public void A_fork_says_which_part_of_its_parent_it_continues()
    {
        Assert.Equal(new RolloutOrigin(ForkHome.Thread(1), 4711), OriginOf(ForkHome.Fork(2, parent: 1, length: 4711)));
    }

    [Fact]
    public void An_older_fork_has_the_records_of_its_parent_itself()
    {
        var meta = ForkHome.Meta(2, $",\"forked_from_id\":\"{ForkHome.Thread(1)}\",\"history_base\":null");

        Assert.Equal(new RolloutOrigin(ForkHome.Thread(1), null), OriginOf(meta, ForkHome.Meta(1)));
    }

    [Fact]
    public void The_origin_stands_behind_a_byte_order_mark_and_instructions_of_any_length()
    {
        var fork = ForkHome.Fork(2, parent: 1, length: 9);
        var instructions = $"\"base_instructions\":{{\"text\":\"{new string('x', 300_000)}\"}},\"cwd\"";

        Assert.NotNull(OriginOf("\uFEFF" + fork));
        Assert.NotNull(OriginOf(fork.Replace("\"cwd\"", instructions, StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("\n")]
    [InlineData("no record")]
    [InlineData("""{"type":"session_meta","payload":{"forked_from_id":"019c2257-3a00-7000-8000-000000000001"}""")]
    [InlineData("""{"type":"session_meta","payload":{"forked_from_id":"nobody"}}""")]
    [InlineData("""{"type":"session_meta","payload":{"forked_from_id":null,"history_base":{"end_byte_offset":1}}}""")]
    [InlineData("""{"type":"event_msg","payload":{"forked_from_id":"019c2257-3a00-7000-8000-000000000001"}}""")]
    [InlineData("""{"type":"session_meta","payload":"019c2257-3a00-7000-8000-000000000001"}""")]
    public void What_is_no_fork_has_no_origin(string first)
    {
        Assert.Null(OriginOf(first));
    }

    [Fact]
    public void An_overview_of_a_fork_names_its_parent_and_where_the_calls_before_the_fork_stand()
    {
        var forked = _home.Write(1, ForkHome.Meta(1));
        _home.Write(2, ForkHome.Fork(2, parent: 1, forked));
        _home.Write(3, ForkHome.Fork(3, parent: 9, length: 1));

        var origins = new[] { 1, 2, 3 }.Select(number =>
            RolloutOverview.Read(_home.Root, _home.Root, ForkHome.Thread(number), TimeProvider.System)!.ForkedFrom
        );

        Assert.Equal(
            [null, new ForkedFrom(ForkHome.Thread(1), _home.PathOf(1), true), new ForkedFrom(ForkHome.Thread(9), null, true)],
            origins
        );
    }

    private RolloutOrigin? OriginOf(params string[] lines)
    {
        _home.Write(2, lines);
        using var rollout = _home.Open(2);
        return RolloutOrigin.Of(rollout.File);
    }
}
