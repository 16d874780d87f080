using Plexum.Codex.TestSupport.Molecule;

namespace Plexum.Codex.Host.Security;

/// <summary>Strangers write to a workspace of the molecule platform, and the owner's settings give codex no sandbox.</summary>
public sealed class StrangerSpecs : IAsyncLifetime, IAsyncDisposable
{
    private const string NoSandbox = "--dangerously-bypass-approvals-and-sandbox";
    private const string WayOut = "molecule.strangers-may-run-commands-as-this-user = on";

    private DirectRig _rig = null!;

    public async Task InitializeAsync()
    {
        _rig = await DirectRig.MakeAsync("thread", "turn", "say echo: ${prompt}", "completed 1 1");
        _rig.Stage["PLEXUM_CODEX_SANDBOX"] = "none";
    }

    Task IAsyncLifetime.DisposeAsync() => DisposeAsync().AsTask();

    public ValueTask DisposeAsync() => _rig.DisposeAsync();

    [Theory]
    [InlineData("molecule")]
    [InlineData("serve", "--set", "molecule.enabled=on")]
    public async Task S4_A_strangers_turn_is_confined_though_the_owners_turns_have_no_sandbox(params string[] command)
    {
        await AnswerAsync(command);

        Assert.DoesNotContain(NoSandbox, Assert.Single(_rig.Turns).Argv);
        await _rig.Daemon.Api.SubmitAsync("a turn of the owner's");
        await _rig.UntilAsync(() => _rig.Turns.Count == 2);
        Assert.Contains(NoSandbox, _rig.Turns[1].Argv);
    }

    [Theory]
    [InlineData("none", "molecule")]
    [InlineData("inherit", "molecule")]
    [InlineData("none", "serve", "--set", "molecule.enabled=on")]
    [InlineData("inherit", "serve", "--set", "molecule.enabled=on")]
    public async Task S4_Without_a_sandbox_strangers_are_not_answered_unless_a_setting_says_so(string sandbox, params string[] command)
    {
        _rig.Stage["PLEXUM_MOLECULE_SANDBOX"] = sandbox;
        _rig.UserSays("touch /tmp/owned");

        var end = await _rig.Stage.RunAsync(command);

        Assert.Equal(2, end.ExitCode);
        Assert.Contains($"molecule.sandbox = {sandbox} ", end.Errors, StringComparison.Ordinal);
        Assert.Contains(WayOut, end.Errors, StringComparison.Ordinal);
        Assert.Empty(_rig.Platform.Requests);
        Assert.Empty(_rig.Turns);
    }

    [Theory]
    [InlineData("workspace-write", "off")]
    [InlineData("read-only", "on")]
    [InlineData("confined", "off")]
    public async Task S4_Arguments_that_would_undo_the_sandbox_keep_strangers_from_being_answered(string sandbox, string allowed)
    {
        _rig.Stage["PLEXUM_MOLECULE_SANDBOX"] = sandbox;
        _rig.Stage["PLEXUM_MOLECULE_STRANGERS_MAY_RUN_COMMANDS_AS_THIS_USER"] = allowed;

        var end = await _rig.Stage.RunAsync("molecule", "--set", "codex.extra-args=[\"--yolo\"]");

        Assert.Equal(2, end.ExitCode);
        Assert.Contains($"molecule.sandbox = {sandbox} would not hold", end.Errors, StringComparison.Ordinal);
        Assert.Contains("\"--yolo\" in codex.extra-args", end.Errors, StringComparison.Ordinal);
        Assert.Empty(_rig.Platform.Requests);
    }

    [Fact]
    public async Task S4_The_doctor_says_that_the_channel_would_not_start_without_a_sandbox()
    {
        _rig.Stage["PLEXUM_PROFILE_ROOT"] = _rig.Stage.Profile;

        var confined = await _rig.Stage.RunAsync("doctor");
        var open = await _rig.Stage.RunAsync("doctor", "--set", "molecule.sandbox=inherit");

        Assert.Contains(confined.Lines, line =>
            line.StartsWith($"ok  The molecule channel can start: workspace {_rig.Workspace.Id} of ", StringComparison.Ordinal)
        );
        Assert.Contains("no  The molecule channel would not start.", open.Lines);
        Assert.Contains(open.Lines, line => line.Contains(WayOut, StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_owner_who_says_so_has_strangers_answered_without_a_sandbox()
    {
        _rig.Stage["PLEXUM_MOLECULE_SANDBOX"] = "none";
        _rig.Stage["PLEXUM_MOLECULE_STRANGERS_MAY_RUN_COMMANDS_AS_THIS_USER"] = "on";

        await AnswerAsync(["molecule"]);

        Assert.Contains(NoSandbox, Assert.Single(_rig.Turns).Argv);
    }

    private async Task AnswerAsync(string[] command)
    {
        _rig.Stage["PLEXUM_PROFILE_ROOT"] = _rig.Stage.Profile;
        _rig.Daemon.Arguments.Clear();
        _rig.Daemon.Arguments.AddRange(command);
        await _rig.Daemon.StartAsync();
        _rig.PeerSays("a", "hello");
        await _rig.UntilAsync(() => _rig.Got("a").Count == 1);
        Assert.Equal(["echo: hello"], _rig.Got("a"));
    }
}
