using System.Text.Json;
using Plexum.Codex.Events;
using Plexum.Codex.Gateway;
using Plexum.Codex.Options;
using Plexum.Codex.Requests;
using Plexum.Codex.Turns;

namespace Plexum.Codex.EndToEnd.Versions;

/// <summary>A thread that has rested, which each codex itself compresses while somebody runs another thread.</summary>
public sealed class CompressionSpecs(LoopbackModelFixture model) : IClassFixture<LoopbackModelFixture>
{
    public static TheoryData<BackendKind, string> Versions => CodexVersions.OnEachBackend;

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task A_compressed_thread_is_listed_consumed_and_continued_and_tells_each_call_once(BackendKind backend, string version)
    {
        await using var rig = CodexVersions.Rig(model, backend, version);
        var first = (await rig.SayAsync("!usage 100 20\n!run echo one\n!say done")).Said("done");
        var call = Assert.Single(first.Events.OfType<CanonicalEvent.ToolCall>());
        var rollout = rig.RolloutsOf(first.Thread).Single();
        var length = new FileInfo(rollout).Length;

        await rig.ReleaseAsync(first.Thread);
        await RestAsync(rig, rollout);
        Assert.Equal((call.Id, length), await ListAsync(rig));
        Assert.Equal(rollout + ".zst", rig.RolloutsOf(first.Thread).Single());

        var consumed = Assert.IsType<ConsumeAnswer.Done>(await rig.ConsumeAsync(CallToConsume.Heavy, call.Id)).Result;
        Assert.Equal((1, 1), (consumed.Touched, consumed.Requested));
        Assert.Empty(consumed.Warnings);
        Assert.Equal((rollout, length), (rig.RolloutsOf(first.Thread).Single(), new FileInfo(rollout).Length));

        await RestAsync(rig, rollout);
        var second = (await rig.SayAsync("!usage 10 2\n!run echo two\n!say done")).Said("done");

        Assert.Equal((first.Thread, rollout), (second.Thread, rig.RolloutsOf(first.Thread).Single()));
        Assert.Equal("""{"cmd":"echo two"}""", Assert.Single(second.Events.OfType<CanonicalEvent.ToolCall>()).Arguments);
        Assert.Equal(new Usage(20, 4, 0, 0), second.End.Usage);
        Assert.DoesNotContain(NoticeCodes.RolloutUnreadable, second.NoticeCodes);
        Assert.Contains(model.Server.RequestsOf(first.Thread)[^1].Input, item =>
            item is { Type: "function_call_output", Output: "...(tool called)" }
        );
    }

    // codex compresses in the background what has rested for a week, once a day, of which it keeps a note.
    private static async Task RestAsync(CodexRig rig, string rollout)
    {
        var notes = Directory.CreateDirectory(Path.Combine(rig.CodexHome, ".tmp")).FullName;
        File.Delete(Path.Combine(notes, "rollout-compression.lock"));
        File.SetLastWriteTimeUtc(rollout, DateTime.UtcNow.AddDays(-60));
        using var codex = await rig.StartByHandAsync("!stall", "--enable", "local_thread_store_compression");
        await Limits.UntilAsync(() => !File.Exists(rollout));
    }

    private static async Task<(string? Call, long Length)> ListAsync(CodexRig rig)
    {
        using var program = rig.StartProgram("rollout", "--agent", "alice", "--json");
        var (exitCode, output, errors) = await program.EndsAsync();
        Assert.True(exitCode == 0, errors);
        using var json = JsonDocument.Parse(output);
        var call = Assert.Single(json.RootElement.GetProperty("calls").EnumerateArray());
        return (call.GetProperty("id").GetString(), json.RootElement.GetProperty("bytes").GetInt64());
    }
}
