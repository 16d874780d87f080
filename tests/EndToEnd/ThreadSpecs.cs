using Plexum.Codex.Events;
using Plexum.Codex.Options;
using Plexum.Codex.Turns;

namespace Plexum.Codex.EndToEnd;

public sealed class ThreadSpecs(LoopbackModelFixture model) : IClassFixture<LoopbackModelFixture>
{
    [Theory]
    [EachBackend]
    public async Task The_second_turn_continues_in_the_thread_of_the_first(BackendKind backend)
    {
        await using var rig = new CodexRig(model.Server, backend);
        var first = (await rig.SayAsync("My number is 42.")).Said("My number is 42.");
        var second = (await rig.SayAsync("!recall")).Said("My number is 42.");

        Assert.False(first.Start.Resumed);
        Assert.True(second.Start.Resumed);
        Assert.NotNull(first.Thread);
        Assert.Equal(first.Thread, second.Thread);
        Assert.Equal(first.Thread.ToString(), await File.ReadAllTextAsync(rig.SessionFile()));
        var requests = model.Server.RequestsOf(first.Thread);
        Assert.Equal(
            [
                ["My number is 42."],
                ["My number is 42.", "!recall"],
            ],
            requests.Select(request => request.UserTexts)
        );
    }

    [Theory]
    [EachBackend]
    public async Task A_session_file_of_another_program_is_understood(BackendKind backend)
    {
        await using var rig = new CodexRig(model.Server, backend);
        var first = await rig.SayAsync("Said before.");
        await File.WriteAllTextAsync(rig.SessionFile(), $"  {first.Thread} \r\n");

        var second = (await rig.SayAsync("!recall")).Said("Said before.");
        Assert.Equal(first.Thread, second.Thread);
    }

    [Theory]
    [EachBackend]
    public async Task The_tokens_of_a_turn_are_those_that_the_thread_used_in_it(BackendKind backend)
    {
        await using var rig = new CodexRig(model.Server, backend);
        var first = (await rig.SayAsync("!usage 100 20 10 5\n!say one")).Said("one");
        var second = (await rig.SayAsync("!usage 500 30 200 7\n!say two")).Said("two");
        var third = (await rig.SayAsync("!usage 1000 1 1000 0\n!say three")).Said("three");

        Assert.Equal(new Usage(100, 20, 10, 5), first.End.Usage);
        Assert.Equal(new Usage(100, 20, 10, 5), first.End.ThreadUsage);
        Assert.Equal(new Usage(500, 30, 200, 7), second.End.Usage);
        Assert.Equal(new Usage(1000, 1, 1000, 0), third.End.Usage);
        Assert.Equal(new Usage(1600, 51, 1210, 12), third.End.ThreadUsage);
        Assert.DoesNotContain(NoticeCodes.UsageUnknown, third.NoticeCodes);
    }

    [Theory]
    [EachBackend]
    public async Task The_tokens_of_a_turn_with_commands_are_those_of_all_its_requests(BackendKind backend)
    {
        await using var rig = new CodexRig(model.Server, backend);
        var turn = (await rig.SayAsync("!run echo from-the-shell\n!outputs\n!usage 100 10")).Succeeded();

        Assert.Contains("from-the-shell", turn.Text, StringComparison.Ordinal);
        Assert.Equal(new Usage(200, 20, 0, 0), turn.End.Usage);
        Assert.Equal(
            [ActivityPhase.Started, ActivityPhase.Completed],
            turn.Events.OfType<CanonicalEvent.Activity>().Select(activity => activity.Phase)
        );
    }

    [Theory]
    [EachBackend]
    public async Task A_thread_that_codex_does_not_know_gives_way_to_a_new_one_with_a_notice(BackendKind backend)
    {
        await using var rig = new CodexRig(model.Server, backend);
        (await rig.SayAsync("A neighbour.", "bob")).Succeeded();
        var lost = await rig.SayAsync("Soon forgotten.");
        foreach (var rollout in rig.RolloutsOf(lost.Thread).ToList())
        {
            File.Delete(rollout);
        }

        var fresh = (await rig.SayAsync("!recall")).Succeeded();

        Assert.Equal("", fresh.Text);
        Assert.NotEqual(lost.Thread, fresh.Thread);
        Assert.Contains(lost.Thread.ToString()!, fresh.Notice(NoticeCodes.ThreadLost), StringComparison.Ordinal);
        Assert.Equal(fresh.Thread.ToString(), await File.ReadAllTextAsync(rig.SessionFile()));
        Assert.Equal(lost.Thread.ToString(), await File.ReadAllTextAsync(Assert.Single(rig.FilesSetAside())));

        var next = (await rig.SayAsync("Back to normal.")).Succeeded();
        Assert.Equal(fresh.Thread, next.Thread);
    }

    [Theory]
    [EachBackend("text")]
    [EachBackend("directory")]
    [EachBackend("link")]
    public async Task A_damaged_session_file_is_set_aside_and_a_new_thread_begun(BackendKind backend, string damage)
    {
        await using var rig = new CodexRig(model.Server, backend);
        var path = rig.SessionFile();
        Directory.CreateDirectory(rig.Workspace());
        var elsewhere = rig.File("elsewhere");
        switch (damage)
        {
            case "text":
                await File.WriteAllTextAsync(path, "no thread id\n");
                break;
            case "directory":
                Directory.CreateDirectory(Path.Combine(path, "inside"));
                break;
            default:
                await File.WriteAllTextAsync(elsewhere, Guid.NewGuid().ToString());
                File.CreateSymbolicLink(path, elsewhere);
                break;
        }

        var before = damage == "link" ? await File.ReadAllTextAsync(elsewhere) : null;
        var first = (await rig.SayAsync("Hello.")).Said("Hello.");

        Assert.False(first.Start.Resumed);
        var aside = Assert.Single(rig.FilesSetAside());
        Assert.Contains(aside, first.Notice(NoticeCodes.SessionSetAside), StringComparison.Ordinal);
        Assert.Null(new FileInfo(path).LinkTarget);
        Assert.Equal(first.Thread.ToString(), await File.ReadAllTextAsync(path));
        Assert.Equal(before, damage == "link" ? await File.ReadAllTextAsync(elsewhere) : null);
        Assert.Equal(first.Thread, (await rig.SayAsync("Again.")).Succeeded().Thread);
    }
}
