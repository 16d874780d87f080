using System.Text;
using Plexum.Codex.Inbox;
using Plexum.Codex.Posix;
using Plexum.Codex.TestSupport.Molecule;

namespace Plexum.Codex.Host.Molecule;

/// <summary>The command <c>molecule</c> as a program.</summary>
public sealed class MoleculeCommandSpecs : IAsyncLifetime, IAsyncDisposable
{
    private DirectRig _rig = null!;

    public async Task InitializeAsync() => _rig = await DirectRig.MakeAsync("thread", "turn", "say echo: ${prompt}", "completed 1 1");

    Task IAsyncLifetime.DisposeAsync() => DisposeAsync().AsTask();

    public ValueTask DisposeAsync() => _rig.DisposeAsync();

    [Fact]
    public async Task What_is_missing_is_refused_before_anything_is_made()
    {
        _rig.Stage["MOLECULE_WORKSPACE_TOKEN"] = "<paste-token>";
        _rig.Stage["WORKSPACE_ID"] = null;

        var end = await _rig.Stage.RunAsync("molecule");

        Assert.Equal(2, end.ExitCode);
        Assert.Contains("No workspace is configured", end.Errors, StringComparison.Ordinal);
        Assert.Contains("still has the placeholder", end.Errors, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_rig.Stage.Profile));
    }

    [Fact]
    public async Task A_missing_codex_is_told_at_the_start()
    {
        var end = await _rig.Stage.RunAsync("molecule", "--codex-bin", "codex-of-nobody");

        Assert.Equal(1, end.ExitCode);
        Assert.Contains(
            "codex binary not found on PATH (looked for 'codex-of-nobody'). Install "
                + "with `npm install -g @openai/codex` or pass --codex-bin /path/to/codex.",
            end.Errors,
            StringComparison.Ordinal
        );
        Assert.Empty(_rig.Platform.Requests);
    }

    [Fact]
    public async Task A_missing_molecule_mcp_is_told_at_the_start()
    {
        var token = _rig.Stage.File("token");
        AtomicFile.Write(token, Encoding.ASCII.GetBytes(_rig.Workspace.Token));

        var end = await _rig.Stage.RunAsync("molecule", "--transport", "mcp", "--set", $"molecule.token-file={token}");

        Assert.Equal(2, end.ExitCode);
        Assert.Contains("molecule-mcp was not found", end.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_second_daemon_of_the_workspace_is_refused_with_the_first_one_s_number_whatever_its_state_directory()
    {
        await _rig.Daemon.StartAsync();
        _rig.Stage["CODEX_CHANNEL_MOLECULE_STATE_DIR"] = _rig.Stage.File("other");

        var end = await _rig.Stage.RunAsync("molecule");

        Assert.Equal(2, end.ExitCode);
        Assert.Matches(
            $@"The workspace {_rig.Workspace.Id} of 127\.0\.0\.1:\d+ is already being answered by process \d+ \(plexum-codex\)",
            end.Errors
        );
    }

    [Fact]
    public async Task A_revoked_token_ends_the_daemon_with_a_sentence()
    {
        _rig.Workspace.RevokeTokens();
        _rig.Daemon.Launch();

        var end = await _rig.Daemon.EndsAsync();

        Assert.Equal(2, end.ExitCode);
        Assert.Contains("the platform refuses the workspace", end.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Codex_s_directory_is_put_before_a_bare_PATH_once()
    {
        var bin = Path.GetDirectoryName(FakeCodexStage.Binary)!;
        _rig.Stage["PATH"] = "/usr/bin:/bin";
        await _rig.Daemon.StartAsync();
        _rig.UserSays("one");
        await _rig.UntilAsync(() => _rig.Shown.Count == 1);
        await _rig.Daemon.StopAsync();
        _rig.Stage["PATH"] = $"{bin}:/usr/bin:/bin";
        await _rig.Daemon.StartAsync();
        _rig.UserSays("two");
        await _rig.UntilAsync(() => _rig.Shown.Count == 2);

        Assert.Equal([$"{bin}:/usr/bin:/bin", $"{bin}:/usr/bin:/bin"], _rig.Turns.Select(turn => turn.Path));
    }

    [Fact]
    public async Task Dead_letters_are_listed_and_opened_again_with_a_daemon_and_without()
    {
        _rig.Stage["PLEXUM_MOLECULE_REPLY_ATTEMPTS"] = "1";
        _rig.Workspace.MayTalkToUser = false;
        await _rig.Daemon.StartAsync();
        _rig.UserSays("nobody hears the answer");
        await _rig.StatusAsync(inbox => inbox.DeadLetters == 1);
        var id = _rig.Workspace.Rows.Single(row => row.Summary == "nobody hears the answer").Id;

        var listed = await _rig.Stage.RunAsync("molecule", "dead-letters", "--json");
        Assert.Contains($"\"activity_id\":\"{id}\"", listed.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("nobody hears", listed.Output, StringComparison.Ordinal);
        Assert.Equal(2, (await _rig.Stage.RunAsync("molecule", "dead-letters", "--requeue", "no-such-one")).ExitCode);
        Assert.Contains("dead letters", (await StatusTableAsync()).Output, StringComparison.Ordinal);
        await _rig.Daemon.StopAsync();
        _rig.Workspace.MayTalkToUser = true;
        var opened = await _rig.Stage.RunAsync("molecule", "dead-letters", "--requeue", id);
        Assert.True(opened.ExitCode == 0, opened.Errors);

        await _rig.Daemon.StartAsync();
        await _rig.UntilAsync(() => _rig.Shown.Count == 1);

        Assert.Equal(["echo: nobody hears the answer"], _rig.Shown);
        Assert.Single(_rig.Turns);
    }

    [Fact]
    public async Task Serve_answers_a_workspace_too_where_its_settings_say_so()
    {
        _rig.Stage["CODEX_CHANNEL_MOLECULE_STATE_DIR"] = null;
        _rig.Stage["PLEXUM_PROFILE_ROOT"] = _rig.Stage.Profile;
        _rig.Daemon.Arguments.Clear();
        _rig.Daemon.Arguments.AddRange(["serve", "--set", "molecule.enabled=on"]);
        await _rig.Daemon.StartAsync();

        _rig.PeerSays("a", "hello");
        await _rig.UntilAsync(() => _rig.Got("a").Count == 1);

        Assert.Equal(["echo: hello"], _rig.Got("a"));
        _rig.Workspace.RevokeTokens();
        await _rig.StatusAsync(inbox => inbox.State == InboxPhase.Refused);
        Assert.Equal(0, (await _rig.Daemon.StopAsync()).ExitCode);
    }

    private async Task<ProgramEnd> StatusTableAsync()
    {
        _rig.Stage["PLEXUM_PROFILE_ROOT"] = _rig.Stage.Profile;
        return await _rig.Stage.RunAsync("status");
    }
}
