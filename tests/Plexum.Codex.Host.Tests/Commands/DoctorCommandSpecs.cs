namespace Plexum.Codex.Host.Commands;

public sealed class DoctorCommandSpecs : IDisposable
{
    private readonly HostStage _stage = new("login Logged in using ChatGPT", "thread", "turn", "say ${prompt}", "completed 1 1");

    public void Dispose() => _stage.Dispose();

    [Fact]
    public async Task Where_all_is_well_every_line_says_so()
    {
        var end = await _stage.RunAsync("doctor");

        Assert.True(end.ExitCode == 0, end.Output);
        Assert.All(end.Lines, line => Assert.StartsWith("ok  ", line, StringComparison.Ordinal));
        Assert.Contains(end.Lines, line => line.Contains("codex 0.169.0 is at ", StringComparison.Ordinal));
        Assert.Contains(end.Lines, line => line.Contains("Logged in using ChatGPT", StringComparison.Ordinal));
        Assert.Contains(end.Lines, line => line.Contains("A turn against a loopback model succeeded.", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_missing_codex_is_told_with_how_to_install_it()
    {
        _stage["PLEXUM_CODEX_BINARY"] = "/nowhere/codex";

        var end = await _stage.RunAsync("doctor");

        Assert.Equal(1, end.ExitCode);
        Assert.Contains("no  No usable codex was found.", end.Lines);
        Assert.Contains(end.Lines, line =>
            line.Contains("/nowhere/codex", StringComparison.Ordinal)
            && line.Contains("npm install -g @openai/codex", StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task A_link_is_told_with_what_it_leads_to()
    {
        File.CreateSymbolicLink(_stage.File("codex"), FakeCodexStage.Binary);
        _stage["PLEXUM_CODEX_BINARY"] = _stage.File("codex");

        var end = await _stage.RunAsync("doctor");

        var told = $"ok  codex 0.169.0 is at {_stage.File("codex")}, which leads to ";
        Assert.Contains(end.Lines, line =>
            line.StartsWith(told, StringComparison.Ordinal) && line.EndsWith("/FakeCodex.", StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task A_codex_that_is_too_old_is_told()
    {
        _stage.Script("version 0.134.9");

        var end = await _stage.RunAsync("doctor");

        Assert.Equal(1, end.ExitCode);
        Assert.Contains(end.Lines, line =>
            line.Contains("0.134.9", StringComparison.Ordinal) && line.Contains("too old", StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task A_missing_login_is_told_with_what_to_do_and_the_rest_is_still_looked_at()
    {
        _stage.Script("thread", "turn", "say ${prompt}", "completed 1 1");

        var end = await _stage.RunAsync("doctor");

        Assert.Equal(1, end.ExitCode);
        Assert.Contains("no  codex login status: Not logged in.", end.Lines);
        Assert.Contains(end.Lines, line =>
            line.StartsWith($"    Run CODEX_HOME='{_stage.CodexHome}' codex login", StringComparison.Ordinal)
        );
        Assert.Contains("ok  A turn against a loopback model succeeded.", end.Lines);
    }

    [Fact]
    public async Task A_turn_that_fails_is_told_with_codex_s_own_words()
    {
        _stage.Script("login yes", "thread", "turn", "failed the sandbox is missing", "exit 1");

        var end = await _stage.RunAsync("doctor");

        Assert.Equal(1, end.ExitCode);
        Assert.Contains(end.Lines, line =>
            line.StartsWith("    ", StringComparison.Ordinal) && line.Contains("the sandbox is missing", StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task A_mistake_in_the_configuration_is_told_and_the_profile_is_still_looked_at()
    {
        var end = await _stage.RunAsync("doctor", "--set", "turns.timeout=soon");

        Assert.Equal(1, end.ExitCode);
        Assert.Contains(end.Lines, line => line.StartsWith("    --set turns.timeout: ", StringComparison.Ordinal));
        Assert.Contains($"ok  Files can be created in {_stage.Profile}.", end.Lines);
    }

    [Fact]
    public async Task A_directory_that_cannot_be_written_to_is_told_in_one_line_however_long()
    {
        var profile = Path.Combine(_stage.Folder, string.Join('-', Enumerable.Repeat("long", 40)));
        Directory.CreateDirectory(profile);
        File.WriteAllText(Path.Combine(profile, "logs"), "in the way");
        _stage["PLEXUM_PROFILE_ROOT"] = profile;

        var end = await _stage.RunAsync("doctor");

        Assert.Equal(1, end.ExitCode);
        Assert.Contains(end.Lines, line => line.StartsWith($"no  {profile}/logs is not writable: ", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("", true)]
    [InlineData("env_key = \"DOCTORS_KEY\"", false)]
    public async Task A_provider_of_the_user_s_own_is_judged_by_its_key_and_not_by_codex_s_login(string key, bool isWell)
    {
        _stage.Script("thread", "turn", "say ${prompt}", "completed 1 1");
        File.WriteAllText(
            Path.Combine(_stage.CodexHome, "config.toml"),
            $"model_provider = \"mine\"\n[model_providers.mine]\nname = \"mine\"\nbase_url = \"http://127.0.0.1:9/v1\"\n{key}\n"
        );

        var end = await _stage.RunAsync("doctor");

        Assert.Equal(isWell ? 0 : 1, end.ExitCode);
        Assert.DoesNotContain(end.Lines, line => line.Contains("codex login status", StringComparison.Ordinal));
        Assert.Contains(end.Lines, line => line.Contains(isWell ? "\"mine\"" : "DOCTORS_KEY", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_profile_and_a_home_of_codex_that_others_can_change_are_told_also_where_strict_modes_are_off()
    {
        const UnixFileMode Everybody = (UnixFileMode)0x1FF;
        Directory.CreateDirectory(_stage.Profile);
        File.SetUnixFileMode(_stage.Profile, Everybody);
        File.SetUnixFileMode(_stage.CodexHome, Everybody);
        _stage["PLEXUM_STRICT_MODES"] = "off";

        var end = await _stage.RunAsync("doctor");

        Assert.Equal(1, end.ExitCode);
        Assert.DoesNotContain($"ok  Files can be created in {_stage.Profile}.", end.Lines);
        Assert.Contains(end.Lines, line => line.StartsWith($"no  {_stage.Profile} has mode 777", StringComparison.Ordinal));
        Assert.Contains(end.Lines, line => line.StartsWith($"no  {_stage.CodexHome} has mode 777", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_daemon_the_limits_and_the_room_are_looked_at()
    {
        await using var daemon = await _stage.StartDaemonAsync();

        var end = await _stage.RunAsync("doctor");

        Assert.True(end.ExitCode == 0, end.Output);
        Assert.Contains(end.Lines, line => line.StartsWith("ok  The daemon runs as process ", StringComparison.Ordinal));
        Assert.Contains(end.Lines, line => line.StartsWith("ok  The daemon may have ", StringComparison.Ordinal));
        Assert.Contains(end.Lines, line => line.StartsWith($"ok  {_stage.Profile} has room for ", StringComparison.Ordinal));
        Assert.Contains(end.Lines, line => line.Contains("processes and threads", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_warm_codex_is_shown_and_found_again_when_it_was_left_behind()
    {
        await using var daemon = await _stage.StartDaemonAsync("codex.backend=app-server");
        await daemon.Api.EndedAsync(await daemon.Api.SubmitAsync("hello"));
        var server = (await daemon.Api.StatusAsync())["app_server"]!;
        var what = FormattableString.Invariant($"process {(int)server["pid"]!}");
        Assert.Equal(("ready", "0.169.0", 1), ((string)server["phase"]!, (string)server["version"]!, (int)server["loaded_threads"]!));

        var status = await _stage.RunAsync("status");
        var well = await _stage.RunAsync("doctor");
        await daemon.KillAsync();
        var left = await _stage.RunAsync("doctor");

        Assert.Contains(status.Lines, line => line.StartsWith($"app-server  ready, {what}, codex 0.169.0, ", StringComparison.Ordinal));
        Assert.Contains(well.Lines, line => line.StartsWith($"ok  codex app-server: ready, {what}, ", StringComparison.Ordinal));
        Assert.Contains(left.Lines, line =>
            line.StartsWith("no  codex app-server 0.169.0", StringComparison.Ordinal)
            && line.Contains($" still runs as {what}, although no daemon does", StringComparison.Ordinal)
        );
    }
}
