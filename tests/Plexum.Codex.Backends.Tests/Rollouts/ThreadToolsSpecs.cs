using System.Text;
using System.Text.Json.Nodes;
using Plexum.Codex.Backend;
using Plexum.Codex.Threads;
using Plexum.Codex.Turns;
using Xunit;

namespace Plexum.Codex.Rollouts;

/// <summary>The host's tools in a thread's own record, as codex writes it.</summary>
public sealed class ThreadToolsSpecs : IDisposable, ILoadedThreads
{
    private const string Tools =
        """[{"type":"namespace","name":"plexum-host-alice","description":"d","tools":["""
        + """{"type":"function","name":"get","description":"ü","inputSchema":{"type":"object"}}]}]""";

    private static readonly ThreadId Thread = ThreadId.Parse("01a22a86-07dc-7470-96fb-2931f67c3ec3");

    private readonly TemporaryDirectory _home = new();
    private readonly List<ThreadId> _released = [];

    public void Dispose() => _home.Dispose();

    [Fact]
    public async Task Tools_that_a_turn_does_not_have_are_hidden_and_shown_again_without_moving_a_byte()
    {
        var rollout = Write(Meta(Tools));
        var before = File.ReadAllText(rollout);
        var changed = File.GetLastWriteTimeUtc(rollout);

        Assert.False(await Show(null));
        var hidden = File.ReadAllText(rollout);
        Assert.False(await Show("[1]"));
        Assert.Equal(hidden, File.ReadAllText(rollout));
        Assert.True(await Show(Tools.Replace("\"name\":\"get\",\"description\":\"ü\"", "\"description\":\"ü\",\"name\":\"get\"")));

        Assert.Equal(before.Replace("\"dynamic_tools\"", "\"plexum_hidden\""), hidden);
        Assert.Equal(before, File.ReadAllText(rollout));
        Assert.Equal(changed, File.GetLastWriteTimeUtc(rollout));
        Assert.Equal([Thread, Thread], _released);
    }

    [Fact]
    public async Task Tools_that_are_as_they_should_be_are_left_alone_with_whoever_has_the_thread()
    {
        Write(Meta(Tools));

        Assert.True(await Show(Tools));

        Assert.Empty(_released);
    }

    [Theory]
    [InlineData("""[{"type":"function","name":"get","description":"d","inputSchema":{}}]""")]
    [InlineData("""[{"type":"namespace","name":"other","description":"d","tools":[]}]""")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("17")]
    public async Task What_another_program_began_a_thread_with_is_its_own(string tools)
    {
        var rollout = Write(Meta(tools));
        var before = File.ReadAllText(rollout);

        Assert.False(await Show(null));
        Assert.False(await Show(Tools));

        Assert.Equal(before, File.ReadAllText(rollout));
        Assert.Empty(_released);
    }

    [Theory]
    [InlineData("")]
    [InlineData("no json\n")]
    [InlineData("""{"type":"response_item","payload":{"dynamic_tools":[{"type":"namespace","name":"plexum-host-alice"}]}}""" + "\n")]
    [InlineData("""{"type":"session_meta","payload":{"text":"\"dynamic_tools\":[1]"}}""" + "\n")]
    [InlineData("""{"type":"session_meta","payload":{"a":{"dynamic_tools":[{"type":"namespace","name":"plexum-host-alice"}]}}}""" + "\n")]
    public async Task What_is_no_record_of_tools_is_none(string content)
    {
        var rollout = Write(content);

        Assert.False(await Show(null));

        Assert.Equal(content, File.ReadAllText(rollout));
    }

    [Fact]
    public async Task A_thread_without_a_rollout_has_none() => Assert.False(await Show(null));

    [Fact]
    public async Task A_thread_that_another_program_writes_to_is_not_changed()
    {
        var rollout = Write(Meta(Tools));
        using var held = ThreadWriterLock.TryAcquire(_home.Root, Thread)!;

        await Assert.ThrowsAsync<ThreadBusyException>(() => Show(null));

        Assert.Contains("\"dynamic_tools\"", File.ReadAllText(rollout), StringComparison.Ordinal);
    }

    Task ILoadedThreads.ReleaseAsync(ThreadId thread, CancellationToken cancellationToken)
    {
        _released.Add(thread);
        return Task.CompletedTask;
    }

    private Task<bool> Show(string? tools) =>
        new ThreadTools(_home.Root, this, TimeProvider.System).ShowAsync(Thread, tools is null ? null : (JsonArray)JsonNode.Parse(tools)!);

    private static string Meta(string tools) =>
        """{"timestamp":"2026-11-30T03:35:56.836Z","ordinal":0,"type":"session_meta","payload":{"id":"""
        + $$$"""
            "{{{Thread}}}","cwd":"/ü","dynamic_tools":{{{tools}}},"history_mode":"paginated"}}
            {"timestamp":"2026-11-30T03:35:57.000Z","ordinal":1,"type":"event_msg","payload":{"type":"task_started"}}

            """;

    private string Write(string content)
    {
        var directory = Directory.CreateDirectory(Path.Combine(_home.Root, "sessions", "2026", "11", "30"));
        var path = Path.Combine(directory.FullName, $"rollout-2026-11-30T03-35-56-{Thread}.jsonl");
        File.WriteAllText(path, content, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
        return path;
    }
}
