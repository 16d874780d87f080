using Plexum.Codex.Molecule.Rules;
using Plexum.Codex.TestSupport.Molecule;

namespace Plexum.Codex.Host.Molecule;

/// <summary>What the original bridge promises, each promise a test of its name, over one transport. All share a daemon.</summary>
public abstract class MoleculeContractSpecs
{
    private readonly MoleculeRig _rig;

    private protected MoleculeContractSpecs(MoleculeRig rig) => _rig = rig;

    private protected static string[] Script { get; } =
    [
        "[prompt EXITS]",
        "thread",
        "turn",
        "exit 7",
        "[prompt SILENT]",
        "thread",
        "turn",
        "completed 1 1",
        "[else]",
        "thread",
        "turn",
        "say echo: ${prompt}",
        "completed 1 1",
    ];

    [Fact]
    public async Task A_canvas_message_is_answered_to_the_user_and_then_popped()
    {
        _rig.UserSays("canvas 1");

        await _rig.UntilAsync(() => _rig.Shown.Contains("echo: canvas 1"));
        await _rig.SettledAsync();
        Assert.Single(_rig.Shown, "echo: canvas 1");
    }

    [Fact]
    public async Task M1_A_message_is_answered_by_one_turn_to_its_sender_alone_and_then_acknowledged()
    {
        _rig.PeerSays("a", "peer 1");

        await _rig.UntilAsync(() => _rig.Got("a").Contains("echo: peer 1"));
        await _rig.SettledAsync();
        Assert.Equal(["echo: peer 1"], _rig.Got("a"));
        Assert.DoesNotContain("echo: peer 1", _rig.Shown);
        TurnOf("peer 1");
    }

    [Fact]
    public async Task M2_The_messages_of_a_sender_are_answered_in_their_order_and_in_one_thread()
    {
        _rig.PeerSays("b", "first of b");
        _rig.PeerSays("b", "second of b");

        await _rig.UntilAsync(() => _rig.Got("b").Count == 2);
        var (first, second) = (TurnOf("first of b"), TurnOf("second of b"));
        Assert.Equal(["echo: first of b", "echo: second of b"], _rig.Got("b"));
        Assert.DoesNotContain("resume", first.Argv);
        Assert.True(ThreadOf(second) is { Length: 36 });
        Assert.DoesNotContain("--resume", second.Argv);
        Assert.Equal(first.Cwd, second.Cwd);
    }

    [Fact]
    public async Task The_sessions_survive_a_restart_on_the_same_state_directory()
    {
        _rig.PeerSays("c", "before the restart");
        await _rig.UntilAsync(() => _rig.Got("c").Count == 1);
        _rig.PeerSays("c", "still before the restart");
        await _rig.UntilAsync(() => _rig.Got("c").Count == 2);

        Assert.Equal(0, (await _rig.Daemon.StopAsync()).ExitCode);
        await _rig.Daemon.StartAsync();
        _rig.PeerSays("c", "after the restart");

        await _rig.UntilAsync(() => _rig.Got("c").Count == 3);
        Assert.Equal(ThreadOf(TurnOf("still before the restart")), ThreadOf(TurnOf("after the restart")));
    }

    [Fact]
    public async Task A_wait_that_times_out_runs_no_codex_sends_nothing_and_pops_nothing()
    {
        await _rig.SettledAsync();
        var (turns, shown, polls) = (_rig.Turns.Count, _rig.Shown.Count, _rig.Polls);

        await _rig.UntilAsync(() => _rig.Polls > polls + 1);

        Assert.Equal((turns, shown), (_rig.Turns.Count, _rig.Shown.Count));
    }

    [Fact]
    public async Task M3_A_reply_that_fails_is_sent_again_without_another_run_of_codex()
    {
        _rig.FailReplies(3);
        _rig.UserSays("canvas, failing");

        await _rig.UntilAsync(() => _rig.Shown.Contains("echo: canvas, failing"));
        await _rig.SettledAsync();
        Assert.Single(_rig.Shown, "echo: canvas, failing");
        TurnOf("canvas, failing");
    }

    [Fact]
    public async Task An_exit_code_of_codex_is_told_to_the_sender()
    {
        _rig.PeerSays("d", "codex EXITS");

        await _rig.UntilAsync(() => _rig.Got("d").Count == 1);
        Assert.StartsWith("(codex failed with process", _rig.Got("d")[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_parts_of_an_A2A_text_reach_codex_as_one_prompt()
    {
        _rig.PeerSays("e", "one ", "two ", "three");

        await _rig.UntilAsync(() => _rig.Got("e").Count == 1);
        TurnOf("one two three");
    }

    [Fact]
    public async Task A_pop_that_fails_runs_codex_no_second_time()
    {
        _rig.FailPop();
        _rig.PeerSays("f", "not popped at first");

        await _rig.UntilAsync(() => _rig.Got("f").Count == 1);
        await _rig.SettledAsync();
        Assert.Single(_rig.Got("f"));
        TurnOf("not popped at first");
    }

    [Fact]
    public async Task Messages_without_a_peer_or_of_an_unknown_kind_are_drained()
    {
        var turns = _rig.Turns.Count;
        _rig.SendUnanswerable();
        _rig.PeerSays("g", "behind them");

        await _rig.UntilAsync(() => _rig.Got("g").Count == 1);
        await _rig.SettledAsync();
        Assert.Equal(turns + 1, _rig.Turns.Count);
    }

    [Fact]
    public async Task An_empty_answer_becomes_the_placeholder()
    {
        _rig.PeerSays("h", "be SILENT");

        await _rig.UntilAsync(() => _rig.Got("h").Count == 1);
        Assert.Equal([new InboxSettings().Placeholder], _rig.Got("h"));
    }

    [Fact]
    public async Task Codex_never_sees_the_platform_s_variables_and_the_log_never_the_token()
    {
        _rig.PeerSays("i", "what is in your environment?");

        await _rig.UntilAsync(() => _rig.Got("i").Count == 1);
        Assert.DoesNotContain(TurnOf("what is in your environment?").Env, name =>
            name.StartsWith("MOLECULE_", StringComparison.Ordinal)
            || name is "PLATFORM_URL" or "WORKSPACE_ID" or "CODEX_CHANNEL_MOLECULE_STATE_DIR"
        );
        var log = _rig.Stage.ProgramLog();
        Assert.Contains("sandbox confined; state directory", log, StringComparison.Ordinal);
        Assert.Matches(@"molecule: codex 0\.169\.0 at \S+FakeCodex; workspace ", log);
        Assert.DoesNotContain(Token, log, StringComparison.Ordinal);
        Assert.DoesNotContain("what is in your environment?", log, StringComparison.Ordinal);
    }

    private protected abstract string Token { get; }

    private static string ThreadOf(FakeCodexCall call) => Assert.Single(call.Argv, argument => Guid.TryParse(argument, out _));

    private FakeCodexCall TurnOf(string prompt) => Assert.Single(_rig.Turns, call => call.Prompt.Trim() == prompt);

    /// <summary>The daemon of one class.</summary>
    public abstract class Fixture : IAsyncLifetime
    {
        private protected abstract Task<MoleculeRig> MakeAsync(string[] script);

        internal MoleculeRig Rig { get; private set; } = null!;

        public async Task InitializeAsync()
        {
            Rig = await MakeAsync(Script);
            await Rig.Daemon.StartAsync();
        }

        public Task DisposeAsync() => Rig.DisposeAsync().AsTask();
    }
}

/// <summary>Over HTTP.</summary>
public sealed class DirectContractSpecs(DirectContractSpecs.Daemon daemon)
    : MoleculeContractSpecs(daemon.Rig),
        IClassFixture<DirectContractSpecs.Daemon>
{
    private protected override string Token => ((DirectRig)daemon.Rig).Workspace.Token;

    public sealed class Daemon : Fixture
    {
        private protected override async Task<MoleculeRig> MakeAsync(string[] script) => await DirectRig.MakeAsync(script);
    }
}

/// <summary>By way of molecule-mcp.</summary>
public sealed class McpContractSpecs(McpContractSpecs.Daemon daemon)
    : MoleculeContractSpecs(daemon.Rig),
        IClassFixture<McpContractSpecs.Daemon>
{
    private protected override string Token => FakeMoleculeStage.Token;

    public sealed class Daemon : Fixture
    {
        private protected override Task<MoleculeRig> MakeAsync(string[] script) => Task.FromResult<MoleculeRig>(new McpRig(script));
    }
}
