using Plexum.Codex.Posix;
using Plexum.Codex.Requests;
using Plexum.Codex.Rollouts.Rewriting;
using Plexum.Codex.TestSupport.Rollouts;
using Xunit;

namespace Plexum.Codex.Rollouts.Reading;

public sealed class CompressedRewriteSpecs : IDisposable
{
    private static readonly DateTime Changed = new(2026, 1, 2, 3, 4, 5, DateTimeKind.Utc);

    private readonly TemporaryDirectory _directory = new();
    private readonly string _content =
        $"{RolloutText.Call("call_1", "some arguments")}\n{RolloutText.Output("call_1", "an output of some length")}\n";

    private string Plain => _directory.File("rollout-1.jsonl");

    private string Packed => Plain + ".zst";

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void A_rewritten_rollout_is_what_a_plain_one_would_be_under_the_name_that_codex_unpacks_it_to()
    {
        var other = _directory.Write("rollout-2.jsonl", _content);
        Pack();
        File.SetUnixFileMode(Packed, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);
        File.SetLastWriteTimeUtc(Packed, Changed);
        Apply(other, "call_1");

        var result = Apply(Packed, "call_1");

        Assert.Equal((1, 1), (result.Touched, result.Requested));
        Assert.Equal(File.ReadAllText(other), File.ReadAllText(Plain));
        Assert.NotEqual(_content, File.ReadAllText(Plain));
        Assert.Equal([Plain, other], Directory.GetFiles(_directory.Root).Order(StringComparer.Ordinal));
        Assert.Equal(
            (Changed, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead),
            (File.GetLastWriteTimeUtc(Plain), File.GetUnixFileMode(Plain))
        );
    }

    [Fact]
    public void A_rollout_in_which_nothing_changes_stays_compressed()
    {
        Pack();
        var before = FileStatus.OfPath(Packed);

        Assert.Equal(0, Apply(Packed, "call_nobody_made").Touched);

        Assert.Equal(before, FileStatus.OfPath(Packed));
        Assert.Equal([Packed], Directory.GetFiles(_directory.Root));
    }

    [Fact]
    public void A_plain_rollout_that_came_meanwhile_is_not_replaced()
    {
        Pack();
        using var file = File.OpenHandle(Packed);
        using (var replacement = new RewrittenFile(Packed, file, file))
        {
            File.WriteAllText(Plain, "codex's own");
            Assert.Throws<IOException>(() => replacement.Commit([]));
        }

        Assert.Equal("codex's own", File.ReadAllText(Plain));
        Assert.Equal([Plain, Packed], Directory.GetFiles(_directory.Root).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_rollout_that_is_cut_off_is_named_and_stays_as_it_is()
    {
        Pack();
        var cut = File.ReadAllBytes(Packed)[..^5];
        File.WriteAllBytes(Packed, cut);

        var failure = Assert.Throws<CodexException>(() => Apply(Packed, "call_1"));

        Assert.Contains(Packed, failure.Message, StringComparison.Ordinal);
        Assert.Contains("cannot be unpacked", failure.Message, StringComparison.Ordinal);
        Assert.Equal(cut, File.ReadAllBytes(Packed));
        Assert.Equal([Packed], Directory.GetFiles(_directory.Root));
    }

    private void Pack()
    {
        File.WriteAllText(Plain, _content);
        Zstd.PackFile(Plain);
    }

    private static ConsumeResult Apply(string path, string call) =>
        RolloutRewriter.Apply(path, new RewriteRequest([new CallToConsume(call, CallToConsume.Heavy)]));
}
