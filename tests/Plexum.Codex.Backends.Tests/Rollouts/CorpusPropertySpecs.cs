using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Plexum.Codex.Requests;
using Plexum.Codex.Rollouts.Forks;
using Plexum.Codex.Rollouts.Locating;
using Plexum.Codex.Rollouts.Reading;
using Plexum.Codex.Rollouts.Rewriting;
using Plexum.Codex.TestSupport.Rollouts;
using Plexum.Codex.Turns;
using Xunit;

namespace Plexum.Codex.Rollouts;

/// <summary>Rollouts of the corpus with any damage: bytes that were flipped, cut out, zeroed or added.</summary>
public sealed class CorpusPropertySpecs : IDisposable
{
    private static readonly string[] Junk =
    [
        "\uFEFF",
        "\n",
        "\r",
        "\0\0\0\0",
        "\"",
        "\\",
        "}{",
        "\nno record\n",
        "\n{\"type\":\"response_item\",\"payload\":{\"type\":\"function_call\",\"call_id\":\"\"}}\n",
        "\n{\"type\":\"event_msg\",\"payload\":{\"type\":\"token_count\",\"info\":{\"total_token_usage\":{\"input_tokens\":1e400}}}}\n",
        "\n{\"type\":\"session_meta\",\"payload\":{\"history_base\":{\"thread_id\":\"\\ud800\",\"end_byte_offset\":-1}}}\n",
        "\\ud800",
    ];

    private static readonly string[] Slots = ["\"...(tool called)\"", "\"{}\""];

    private static readonly byte[][] Rollouts =
    [
        .. Corpus
            .Files("rollouts")
            .Select(file => (Name: file, Content: Corpus.Read("rollouts", file)))
            .Select(file => RolloutFile.IsPacked(file.Name) ? Zstd.Unpack(file.Content) : file.Content)
            .Where(content => content.Length < 20_000),
    ];

    private static readonly Gen<Damage> Damages =
        from kind in Gen.Choose(0, 4)
        from at in Gen.Choose(0, 1_000_000)
        from length in Gen.Choose(1, 400)
        from value in Gen.Choose(0, 255)
        select new Damage(kind, at, length, value);

    private static readonly Gen<byte[]> Damaged =
        from rollout in Gen.Elements(Rollouts)
        from count in Gen.Choose(1, 4)
        from damages in Damages.ArrayOf(count)
        select damages.Aggregate(rollout, (bytes, damage) => damage.To(bytes));

    private readonly TemporaryDirectory _directory = new();

    private string Rollout => _directory.File("rollout-1.jsonl");

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void A_damaged_rollout_is_read_and_never_a_failure()
    {
        Prop.ForAll(Damaged.ToArbitrary(), bytes =>
            {
                File.WriteAllBytes(Rollout, bytes);
                using var rollout = Open();
                var reading = RolloutReading.Of(rollout.File, 0, rollout.Length, new RolloutLimits());

                Assert.All(reading.ReadCalls(), call => Assert.NotEmpty(call.Id));
                Assert.True(RolloutOrigin.Of(rollout.File) is not { Length: < 0 });
                Assert.True(TotalOf(rollout) is not { InputTokens: < 0 });
            })
            .Check(Config.QuickThrowOnFailure.WithMaxTest(500));
    }

    [Fact]
    public void A_rewrite_of_a_damaged_rollout_keeps_the_length_of_each_line_and_every_byte_beside_the_values()
    {
        Prop.ForAll(Damaged.ToArbitrary(), bytes => CheckRewrite(bytes)).Check(Config.QuickThrowOnFailure.WithMaxTest(300));
    }

    private void CheckRewrite(byte[] bytes)
    {
        File.WriteAllBytes(Rollout, bytes);
        var calls = Calls();
        var request = new RewriteRequest([.. calls.Select(call => new CallToConsume(call, CallToConsume.Heavy))]);

        RolloutRewriter.Apply(Rollout, request);

        var after = File.ReadAllBytes(Rollout);
        var (old, now) = (Lines(bytes), Lines(after));
        Assert.Equal(old.Select(line => line.Length), now.Select(line => line.Length));
        Assert.All(old.Zip(now).Where(pair => pair.First != pair.Second), pair => Assert.True(IsSlot(pair.First, pair.Second)));
        RolloutRewriter.Apply(Rollout, request);
        Assert.Equal(after, File.ReadAllBytes(Rollout));
    }

    // All that changed lies between two bytes, and is a marker with the spaces behind it.
    private static bool IsSlot(string old, string now)
    {
        var first = old.Zip(now).TakeWhile(pair => pair.First == pair.Second).Count();
        var same = old.Reverse().Zip(now.Reverse()).TakeWhile(pair => pair.First == pair.Second).Count();
        var changed = now[first..(now.Length - same)];
        return Array.Exists(Slots, slot => (slot + new string(' ', changed.Length)).Contains(changed, StringComparison.Ordinal));
    }

    private static string[] Lines(byte[] content) => Encoding.Latin1.GetString(content).Split('\n');

    private List<string> Calls()
    {
        using var rollout = Open();
        return [.. RolloutReading.Of(rollout.File, 0, rollout.Length, new RolloutLimits()).ReadCalls().Select(call => call.Id)];
    }

    private Usage? TotalOf(OpenRollout rollout)
    {
        var opener = new RolloutOpener(new RolloutFinder(_directory.Root, TimeProvider.System), _directory.Root, new RolloutLimits());
        return new ThreadTotal(new RolloutAncestors(opener)).Before(ForkHome.Thread(1), rollout, rollout.Length);
    }

    private OpenRollout Open() => Assert.IsType<OpenRollout>(OpenRollout.TryOpen(Rollout, _directory.Root, new RolloutLimits(), out _));

    private sealed record Damage(int Kind, int At, int Length, int Value)
    {
        public byte[] To(byte[] bytes)
        {
            var at = (int)((long)At * bytes.Length / 1_000_000);
            var end = Math.Min(bytes.Length, at + Length);
            return Kind switch
            {
                0 when at < bytes.Length => [.. bytes[..at], (byte)Value, .. bytes[(at + 1)..]],
                1 => [.. bytes[..at], .. bytes[end..]],
                2 => [.. bytes[..at], .. new byte[end - at], .. bytes[end..]],
                3 => bytes[..at],
                _ => [.. bytes[..at], .. Encoding.UTF8.GetBytes(Junk[Value % Junk.Length]), .. bytes[at..]],
            };
        }
    }
}
