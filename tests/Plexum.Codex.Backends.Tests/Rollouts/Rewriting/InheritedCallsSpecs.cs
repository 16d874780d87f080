using Plexum.Codex.Requests;
using Plexum.Codex.Rollouts.Forks;
using Plexum.Codex.TestSupport.Rollouts;
using Xunit;

namespace Plexum.Codex.Rollouts.Rewriting;

public sealed class InheritedCallsSpecs : IDisposable
{
    private readonly ForkHome _home = new();

    public void Dispose() => _home.Dispose();

    [Fact]
    public void A_call_of_the_parent_is_named_with_its_thread_and_file_and_not_touched()
    {
        Fork();
        var parent = File.ReadAllBytes(_home.PathOf(1));

        var warning = Assert.Single(Describe(2, "call_old", "call_own", "call_nobody_made"));

        Assert.Contains($"The thread {ForkHome.Thread(1)}", warning, StringComparison.Ordinal);
        Assert.Contains($"has call_old in {_home.PathOf(1)}, which was not touched", warning, StringComparison.Ordinal);
        Assert.Equal(parent, File.ReadAllBytes(_home.PathOf(1)));
    }

    [Fact]
    public void What_the_parent_did_after_the_fork_is_not_the_forks()
    {
        Fork();

        Assert.Empty(Describe(2, "call_later"));
    }

    [Fact]
    public void A_call_of_the_parents_parent_is_named_where_it_stands()
    {
        Fork();
        _home.Write(3, ForkHome.Fork(3, parent: 2, new FileInfo(_home.PathOf(2)).Length));
        _home.Compress(1);

        Assert.Collection(
            Describe(3, "call_old", "call_own"),
            warning => Assert.Contains($"has call_own in {_home.PathOf(2)},", warning, StringComparison.Ordinal),
            warning => Assert.Contains($"has call_old in {_home.PathOf(1)}.zst,", warning, StringComparison.Ordinal)
        );
    }

    [Fact]
    public void A_thread_that_is_no_fork_has_nothing_elsewhere()
    {
        Fork();

        Assert.Empty(Describe(1, "call_own", "call_nobody_made"));
    }

    [Fact]
    public void A_parent_that_is_gone_is_said()
    {
        Fork();
        File.Delete(_home.PathOf(1));

        Assert.Contains(ForkHome.Thread(1).ToString(), Assert.Single(Describe(2, "call_old")), StringComparison.Ordinal);
    }

    // Thread 2 was forked from 1 after its first call.
    private void Fork()
    {
        var forked = _home.Write(1, [ForkHome.Meta(1), .. CallLines("call_old")]);
        File.AppendAllLines(_home.PathOf(1), CallLines("call_later"));
        _home.Write(2, [ForkHome.Fork(2, parent: 1, forked), .. CallLines("call_own")]);
    }

    private static string[] CallLines(string id) =>
        [RolloutText.Call(id, "some arguments"), RolloutText.Output(id, "an output of some length")];

    private IReadOnlyList<string> Describe(int number, params string[] calls) =>
        new InheritedCalls(_home.Opener).Describe(
            ForkHome.Thread(number),
            new RewriteRequest([.. calls.Select(call => new CallToConsume(call, CallToConsume.Light))])
        );
}
