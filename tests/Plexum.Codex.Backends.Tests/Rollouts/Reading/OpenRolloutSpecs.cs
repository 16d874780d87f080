using FsCheck;
using FsCheck.Fluent;
using Plexum.Codex.Rollouts.Locating;
using Plexum.Codex.TestSupport.Rollouts;
using Plexum.Codex.Turns;
using Xunit;

namespace Plexum.Codex.Rollouts.Reading;

public sealed class OpenRolloutSpecs : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    private string Plain => _directory.File("rollout.jsonl");

    private string Packed => Plain + ".zst";

    private string Scratch => _directory.File("scratch");

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void A_compressed_rollout_is_read_like_the_plain_one_from_any_place()
    {
        Prop.ForAll(
                Gen.Choose(0, int.MaxValue).ToArbitrary(),
                Gen.Choose(1, 12).ToArbitrary(),
                Gen.Choose(0, 100).ToArbitrary(),
                (seed, level, percent) =>
                {
                    var bytes = new RandomRollout(seed).Bytes();
                    var from = bytes.Length * percent / 100;
                    File.WriteAllBytes(Plain, bytes);
                    File.WriteAllBytes(Packed, Zstd.Pack(bytes, level));

                    Assert.Equal(Read(Plain, from), Read(Packed, from));
                    Assert.Equal(bytes.Length, OpenRollout.LengthOf(RolloutFile.At(Packed)!, new RolloutLimits()));
                }
            )
            .Check(Config.QuickThrowOnFailure.WithMaxTest(200));
    }

    // By the zstd program. codex 0.169.0 and 0.171.0 continue each of them.
    [Theory]
    [InlineData("with a checksum and without its length", "KLUv/SQQgQAAeyJhIjoxfQp7ImIiOjJ9ChNHTEg=")]
    [InlineData("without either", "KLUv/QBYgQAAeyJhIjoxfQp7ImIiOjJ9Cg==")]
    [InlineData("with its length, as codex writes it", "KLUv/SAQgQAAeyJhIjoxfQp7ImIiOjJ9Cg==")]
    public void A_frame_of_any_form_is_read_alone_in_a_row_and_beside_one_to_skip(string form, string base64)
    {
        var frame = Convert.FromBase64String(base64);
        byte[] skipped = [0x50, 0x2A, 0x4D, 0x18, 4, 0, 0, 0, 1, 2, 3, 4];
        byte[][] files = [frame, [.. frame, .. frame], [.. skipped, .. frame], [.. frame, .. skipped, .. frame], [.. frame, .. skipped]];

        var lengths = files.Select(file =>
        {
            File.WriteAllBytes(Packed, file);
            using var rollout = OpenRollout.TryOpen(Packed, Scratch, new RolloutLimits(), out var problem);
            Assert.True(problem is null, $"{form}: {problem}");
            return (rollout!.Length, OpenRollout.LengthOf(RolloutFile.At(Packed)!, new RolloutLimits()));
        });

        Assert.Equal([(16L, 16L), (32L, 32L), (16L, 16L), (32L, 32L), (16L, 16L)], lengths);
    }

    [Fact]
    public void A_compressed_rollout_that_was_cut_off_anywhere_is_a_problem_and_never_a_failure()
    {
        var packed = Zstd.Pack(new RandomRollout(7).Bytes());
        for (var length = 0; length < packed.Length; length++)
        {
            File.WriteAllBytes(Packed, packed[..length]);

            Assert.Contains("it is compressed and cannot be unpacked", ProblemOf(new RolloutLimits()), StringComparison.Ordinal);
            Assert.Throws<IOException>(() => OpenRollout.LengthOf(RolloutFile.At(Packed)!, new RolloutLimits()));
        }

        Assert.Empty(Directory.GetFiles(Scratch));
    }

    [Fact]
    public void A_damaged_compressed_rollout_is_never_a_failure()
    {
        var packed = Zstd.Pack(new RandomRollout(7).Bytes());
        Prop.ForAll(Gen.Choose(0, packed.Length - 1).ToArbitrary(), ArbMap.Default.ArbFor<byte>(), (at, value) =>
            {
                File.WriteAllBytes(Packed, [.. packed[..at], value, .. packed[(at + 1)..]]);
                using var rollout = OpenRollout.TryOpen(Packed, Scratch, new RolloutLimits(), out var problem);
                Assert.True(rollout is null != problem is null);
            })
            .Check(Config.QuickThrowOnFailure.WithMaxTest(1000));
    }

    [Fact]
    public void A_rollout_that_unpacks_to_more_than_the_limit_is_a_problem_that_names_it()
    {
        File.WriteAllBytes(Packed, Zstd.Pack(new byte[300_001]));
        Assert.Null(ProblemOf(new RolloutLimits { MaxUnpacked = 300_001 }));

        Assert.Contains("more than 300000 bytes", ProblemOf(new RolloutLimits { MaxUnpacked = 300_000 }), StringComparison.Ordinal);
    }

    [Fact]
    public void What_was_unpacked_has_no_name_that_others_could_open()
    {
        File.WriteAllBytes(Packed, Zstd.Pack("{}\n"u8.ToArray()));

        using var rollout = OpenRollout.TryOpen(Packed, Scratch, new RolloutLimits(), out _);

        Assert.Equal(3, rollout!.Length);
        Assert.Empty(Directory.GetFiles(Scratch));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(Scratch));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(rollout.File));
    }

    [Fact]
    public void A_link_to_a_compressed_rollout_is_not_followed()
    {
        File.WriteAllBytes(_directory.File("other"), Zstd.Pack("{}\n"u8.ToArray()));
        File.CreateSymbolicLink(Packed, _directory.File("other"));

        Assert.Equal("it is a link", ProblemOf(new RolloutLimits()));
    }

    [Fact]
    public void An_overview_lists_the_calls_of_a_compressed_rollout_and_refuses_one_that_is_cut_off()
    {
        var thread = ThreadId.Parse("019a0000-0000-7000-8000-00000000abcd");
        var lines = $"{RolloutText.Call("call_1", "some arguments")}\n{RolloutText.Output("call_1", "an output")}\n";
        Directory.CreateDirectory(_directory.File("sessions"));
        var packed = Zstd.PackFile(_directory.Write($"sessions/rollout-2026-11-20T22-06-00-{thread}.jsonl", lines));

        var overview = RolloutOverview.Read(_directory.Root, _directory.Root, thread, TimeProvider.System)!;

        Assert.Equal((packed, lines.Length, "call_1"), (overview.Path, overview.Length, Assert.Single(overview.Calls).Id));
        File.WriteAllBytes(packed, File.ReadAllBytes(packed)[..^3]);
        var failure = Assert.Throws<CodexException>(() =>
            RolloutOverview.Read(_directory.Root, _directory.Root, thread, TimeProvider.System)
        );
        Assert.Contains(packed, failure.Message, StringComparison.Ordinal);
        Assert.Contains("it is truncated", failure.Message, StringComparison.Ordinal);
    }

    private string? ProblemOf(RolloutLimits limits)
    {
        using var rollout = OpenRollout.TryOpen(Packed, Scratch, limits, out var problem);
        Assert.True(rollout is null != problem is null);
        return problem;
    }

    private string Read(string path, long from)
    {
        using var rollout = OpenRollout.TryOpen(path, Scratch, new RolloutLimits(), out _);
        var reading = RolloutReading.Of(rollout!.File, from, rollout.Length, new RolloutLimits());
        return string.Join(
            '\n',
            reading.ReadCalls().Select(call => call.ToString()).Append($"{reading.Error} {reading.Total} {reading.LongestLineSeen}")
        );
    }
}
