using System.Diagnostics;
using System.Text;
using Plexum.Codex.TestSupport.Rollouts;
using Xunit;

namespace Plexum.Codex.Rollouts.Whereabouts;

public sealed class RolloutCheckSpecs : IDisposable
{
    private const string Meta = """{"timestamp":"2026-11-20T22:06:00.206Z","ordinal":0,"type":"session_meta","payload":{}}""" + "\n";
    private const string Record = """{"timestamp":"2026-11-20T22:06:01.206Z","ordinal":1,"type":"event_msg","payload":{}}""" + "\n";
    private const string Foreign = """{"timestamp":"2026-11-20T22:06:02.206Z","type":"event_msg","payload":{"ordinal":3}}""" + "\n";

    private readonly TemporaryDirectory _directory = new();

    private string RolloutPath => _directory.File("rollout.jsonl");

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData(Meta)]
    [InlineData(Meta + Record)]
    [InlineData(Meta + Foreign + Record)]
    [InlineData(Meta + "garbage")]
    [InlineData(Meta + "{\"torn\":")]
    [InlineData("""{"timestamp":"2026-11-20T22:06:00.206Z","type":"session_meta","payload":{"id":"x"}}""" + "\n" + Foreign)]
    public void What_codex_loads_has_no_fault(string content)
    {
        File.WriteAllText(RolloutPath, content);

        Assert.Equal(new ThreadWhereabouts(RolloutState.There, RolloutPath), RolloutCheck.Of(RolloutPath));
    }

    [Theory]
    [InlineData("\uFEFF" + Meta, "byte order mark")]
    [InlineData("", "empty")]
    [InlineData("\0\0\0\0", "empty")]
    [InlineData("{\"timestamp\":\"2026-11-20T22:06:00.206Z\",\"type\":\"session_me", "session_meta")]
    [InlineData(Record, "session_meta")]
    [InlineData("{\"ordinal\":0,\"type\":\"session_meta\",\"payload\":{\"base\":\"te", "torn")]
    [InlineData("{\"ordinal\":0,\"type\":\"session_meta\",\"payload\":\n" + Record, "torn")]
    [InlineData(Meta + Foreign, "ordinal")]
    [InlineData(Meta + Record + Foreign + "\r\n\n", "ordinal")]
    public void A_fault_is_named_with_its_repair(string content, string fault)
    {
        File.WriteAllText(RolloutPath, content, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));

        var found = RolloutCheck.Of(RolloutPath);

        Assert.Equal((RolloutState.Unreadable, RolloutPath), (found.State, found.Path));
        Assert.Contains(fault, found.Problem, StringComparison.Ordinal);
        Assert.NotNull(found.Remedy);
    }

    [Theory]
    [InlineData("\uFEFF" + Meta + Record, Meta + Record)]
    [InlineData("\uFEFF\uFEFF\uFEFF" + Meta + Record, Meta + Record)]
    [InlineData(Meta + Record + Foreign, Meta + Record)]
    [InlineData(Meta + "\n" + Record + Foreign + "\r\n\n", Meta + "\n" + Record)]
    [InlineData(Meta + Foreign + Foreign, Meta)]
    [InlineData(Meta + Foreign + Record + Foreign + "garbage\n" + Foreign, Meta + Foreign + Record)]
    public async Task The_repair_that_is_told_repairs_whatever_the_path(string content, string mended)
    {
        var path = _directory.Write("o'neil $HOME.jsonl", content);
        var command = RolloutCheck.Of(path).Command!;

        using var shell = Process.Start("/bin/sh", ["-c", command]);
        await shell.WaitForExitAsync();

        Assert.Equal(Encoding.UTF8.GetBytes(mended), await File.ReadAllBytesAsync(path));
    }

    [Fact]
    public void A_file_in_UTF_16_is_told_from_one_that_is_damaged()
    {
        File.WriteAllText(RolloutPath, Meta, Encoding.Unicode);

        Assert.Contains("UTF-16", RolloutCheck.Of(RolloutPath).Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void The_last_record_is_found_behind_a_long_one()
    {
        File.WriteAllText(RolloutPath, Meta + $$"""{"ordinal":1,"text":"{{new string('x', 1_000_000)}}"}""" + "\n" + Foreign);
        Assert.Equal(RolloutState.Unreadable, RolloutCheck.Of(RolloutPath).State);

        File.WriteAllText(RolloutPath, Meta + $$"""{"text":"{{new string('x', 1_000_000)}}"}""" + "\n");
        Assert.Equal(RolloutState.There, RolloutCheck.Of(RolloutPath).State);
    }

    [Fact]
    public void A_compressed_rollout_is_there_if_it_is_whole()
    {
        var packed = Zstd.Pack(Encoding.UTF8.GetBytes(Meta + Record));
        foreach (var (content, state) in new[] { (packed, RolloutState.There), (packed[..^4], RolloutState.Unreadable) })
        {
            File.WriteAllBytes(RolloutPath + ".zst", content);
            Assert.Equal(state, RolloutCheck.Of(RolloutPath + ".zst").State);
        }

        File.WriteAllText(RolloutPath + ".zst", "whatever");
        Assert.Equal(RolloutState.Unreadable, RolloutCheck.Of(RolloutPath + ".zst").State);
    }

    [Fact]
    public void A_part_of_a_rollout_beside_its_whole_compressed_copy_is_to_be_removed()
    {
        var packed = Zstd.Pack(Encoding.UTF8.GetBytes(Meta + Record));
        File.WriteAllBytes(RolloutPath + ".zst", packed);
        foreach (var length in new[] { 0, 20, Meta.Length - 3 })
        {
            File.WriteAllText(RolloutPath, Meta[..length]);
            Assert.Equal($"rm '{RolloutPath}'", RolloutCheck.Of(RolloutPath).Command);
        }

        File.WriteAllBytes(RolloutPath + ".zst", packed[..^4]);
        Assert.Null(RolloutCheck.Of(RolloutPath).Command);
    }

    [Fact]
    public void A_file_that_went_away_meanwhile_is_not_gone() => Assert.Equal(RolloutState.Unreachable, RolloutCheck.Of(RolloutPath).State);
}
