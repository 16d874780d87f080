using System.Text;
using Plexum.Codex.Events;
using Plexum.Codex.Options;
using Plexum.Codex.Turns;

namespace Plexum.Codex.EndToEnd.Versions;

/// <summary>What a killed codex leaves in its rollout, and the next turn of the thread.</summary>
public sealed class RemainsSpecs(LoopbackModelFixture model) : IClassFixture<LoopbackModelFixture>
{
    public static TheoryData<BackendKind, string> Versions => CodexVersions.OnEachBackend;

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task A_record_that_was_torn_and_then_written_again_changes_nothing(BackendKind backend, string version)
    {
        await using var rig = CodexVersions.Rig(model, backend, version);
        var first = (await rig.SayAsync("!run echo one\n!say done")).Said("done");
        var rollout = rig.RolloutsOf(first.Thread).Single();
        await rig.ReleaseAsync(first.Thread);
        var last = (await File.ReadAllLinesAsync(rollout))[^1];
        await File.WriteAllTextAsync(
            rollout,
            (await File.ReadAllTextAsync(rollout)).Replace(last, last[..(last.Length / 2)] + "\n" + last, StringComparison.Ordinal)
        );

        var second = (await rig.SayAsync("!run echo two\n!say done")).Said("done");

        Assert.Equal(first.Thread, second.Thread);
        Assert.Equal("""{"cmd":"echo two"}""", Assert.Single(second.Events.OfType<CanonicalEvent.ToolCall>()).Arguments);
        Assert.DoesNotContain(NoticeCodes.RolloutUnreadable, second.NoticeCodes);
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task A_turn_that_was_killed_in_a_command_and_the_next_one_tell_their_own_calls_once(BackendKind backend, string version)
    {
        await using var rig = CodexVersions.Rig(model, backend, version);
        (await rig.SayAsync("!say first")).Said("first");
        var running = rig.Begin("!run sleep 600\n!say never");
        await running.FirstAsync<CanonicalEvent.Activity>(activity =>
            activity.Phase == ActivityPhase.Started
            && Encoding.UTF8.GetString(activity.Item.Span).Contains("sleep 600", StringComparison.Ordinal)
        );
        running.Cancel(force: true);
        var killed = await running.EndAsync();

        var next = (await rig.SayAsync("!run echo next\n!say done")).Said("done");

        Assert.Equal((StopReason.Cancelled, killed.Thread), (killed.End.StopReason, next.Thread));
        Assert.Equal("""{"cmd":"sleep 600"}""", Assert.Single(killed.Events.OfType<CanonicalEvent.ToolCall>()).Arguments);
        Assert.Equal("""{"cmd":"echo next"}""", Assert.Single(next.Events.OfType<CanonicalEvent.ToolCall>()).Arguments);
        Assert.False(Assert.Single(next.Events.OfType<CanonicalEvent.ToolResult>()).IsError);
    }
}
