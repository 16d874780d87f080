using System.Collections.Immutable;
using Plexum.Codex.Posix;
using Xunit;

namespace Plexum.Codex.Waiting;

public sealed class HomeLockSpecs
{
    private static readonly HomeLock Passing = Of("logs_2.sqlite", 11);
    private static readonly HomeLock Lasting = Of("state_5.sqlite", 12);

    [Fact]
    public void A_lock_that_another_process_holds_at_both_looks_is_the_reason() =>
        Assert.Equal(Lasting, Find([Passing, Lasting], [Of("logs_2.sqlite", 13), Lasting]));

    [Fact]
    public void A_lock_in_passing_is_none()
    {
        Assert.Null(Find([Passing], []));
        Assert.Null(Find([], [Passing]));
        Assert.Null(Find([Passing], [Of("logs_2.sqlite", 13)]));
        Assert.Null(Find([Passing], [Of("state_5.sqlite", 11)]));
    }

    [Fact]
    public void A_process_of_the_turn_does_not_wait_for_itself()
    {
        Assert.Null(Find([Lasting], [Lasting], 12));
        Assert.Equal(Lasting, Find([Of("a", 11), Lasting], [Of("a", 11), Lasting], 11));
    }

    private static HomeLock Of(string file, int pid) => new(file, new LockHolder(pid, "codex"));

    private static HomeLock? Find(ImmutableArray<HomeLock> before, ImmutableArray<HomeLock> now, params int[] own) =>
        HomeLock.InBoth(before, now, own.ToHashSet());
}
