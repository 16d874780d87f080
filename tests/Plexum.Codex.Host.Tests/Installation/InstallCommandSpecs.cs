using System.Diagnostics;

namespace Plexum.Codex.Host.Installation;

public sealed class InstallCommandSpecs : IDisposable
{
    private readonly HostStage _stage = new();

    public InstallCommandSpecs()
    {
        // As a shell has codex: by name, on its PATH.
        Directory.CreateDirectory(_stage.File("bin"));
        File.CreateSymbolicLink(Codex, FakeCodexStage.Binary);
        _stage["PLEXUM_CODEX_BINARY"] = null;
        _stage["PATH"] = _stage.File("bin") + ":/usr/bin:/bin";
        _stage["HOME"] = _stage.File("user");
        _stage["XDG_CONFIG_HOME"] = null;
        _stage["DOTNET_ROOT"] = Environment.GetEnvironmentVariable("DOTNET_ROOT");
    }

    private string Codex => _stage.File("bin/codex");

    private string Unit => _stage.File("user/.config/systemd/user/plexum-codex.service");

    private string Settings => Path.Combine(_stage.Profile, "plexum-codex.hocon");

    public void Dispose() => _stage.Dispose();

    [Fact]
    public async Task The_unit_runs_serve_with_the_profile_and_the_settings_name_the_codex_of_this_shell()
    {
        var end = await _stage.RunAsync("install");

        Assert.Equal(0, end.ExitCode);
        var unit = await File.ReadAllLinesAsync(Unit);
        Assert.Contains($"ExecStart=\"{ProgramProcess.PlexumCodex}\" serve", unit);
        Assert.Contains($"Environment=\"PLEXUM_PROFILE_ROOT={_stage.Profile}\"", unit);
        Assert.Contains("Restart=on-failure", unit);
        Assert.Contains("KillMode=process", unit);
        Assert.Equal($"plexum.codex.binary = \"{Codex}\"\n", await File.ReadAllTextAsync(Settings));
        Assert.Contains("systemctl --user enable --now plexum-codex.service", end.Output, StringComparison.Ordinal);
        Assert.Contains("loginctl enable-linger", end.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_service_finds_codex_without_the_shell_s_PATH()
    {
        Assert.Equal(0, (await _stage.RunAsync("install")).ExitCode);
        _stage["PATH"] = "/usr/bin:/bin";

        Assert.Equal(0, (await _stage.RunAsync("say", "--agent", "alice", "hello")).ExitCode);
    }

    [Fact]
    public async Task Once_more_changes_nothing()
    {
        await _stage.RunAsync("install");
        var before = (
            File.ReadAllText(Unit),
            File.ReadAllText(Settings),
            File.GetLastWriteTimeUtc(Unit),
            File.GetLastWriteTimeUtc(Settings)
        );

        var end = await _stage.RunAsync("install");

        Assert.Equal(0, end.ExitCode);
        Assert.Contains("already there: the unit", end.Output, StringComparison.Ordinal);
        Assert.Equal(
            before,
            (File.ReadAllText(Unit), File.ReadAllText(Settings), File.GetLastWriteTimeUtc(Unit), File.GetLastWriteTimeUtc(Settings))
        );
    }

    [Fact]
    public async Task A_dry_run_says_all_and_writes_nothing()
    {
        var end = await _stage.RunAsync("install", "--dry-run");

        Assert.Equal(0, end.ExitCode);
        Assert.Contains("ExecStart=", end.Output, StringComparison.Ordinal);
        Assert.Contains("plexum.codex.binary", end.Output, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_stage.File("user")));
        Assert.False(Directory.Exists(_stage.Profile));
    }

    [Fact]
    public async Task A_unit_that_is_another_is_left_alone_and_nothing_else_is_written()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Unit)!);
        await File.WriteAllTextAsync(Unit, "[Service]\nExecStart=/mine\n");

        var end = await _stage.RunAsync("install");

        Assert.Equal(2, end.ExitCode);
        Assert.Contains("ExecStart=/mine", end.Errors, StringComparison.Ordinal);
        Assert.Contains("KillMode=process", end.Errors, StringComparison.Ordinal);
        Assert.Equal("[Service]\nExecStart=/mine\n", await File.ReadAllTextAsync(Unit));
        Assert.False(File.Exists(Settings));
    }

    [Fact]
    public async Task A_unit_that_is_a_link_to_nowhere_is_not_followed()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Unit)!);
        File.CreateSymbolicLink(Unit, _stage.File("nowhere"));

        Assert.Equal(2, (await _stage.RunAsync("install")).ExitCode);
        Assert.False(File.Exists(_stage.File("nowhere")));
    }

    [Theory]
    [InlineData("user/.config/systemd/user/plexum-codex.service")]
    [InlineData("profile/plexum-codex.hocon")]
    [InlineData("profile/plugins/plexum-openai-provider/config.json")]
    public async Task A_pipe_in_the_place_of_a_file_is_refused_without_waiting_for_its_writer(string name)
    {
        NamedPipe.Create(_stage.File(name));

        var end = await _stage.RunAsync("install");

        Assert.Equal(2, end.ExitCode);
        Assert.Contains($"{_stage.File(name)} cannot be used: it is not a file.", end.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_pipe_in_the_place_of_codex_is_no_program()
    {
        File.Delete(_stage.File("bin/codex"));
        NamedPipe.Create(_stage.File("bin/codex"));

        var end = await _stage.RunAsync("install");

        Assert.Equal(1, end.ExitCode);
        Assert.Contains(_stage.File("bin/codex"), end.Errors, StringComparison.Ordinal);
        Assert.False(File.Exists(Unit));
    }

    [Fact]
    public async Task A_setting_that_a_service_could_not_use_is_told_of_and_left()
    {
        Directory.CreateDirectory(_stage.Profile);
        await File.WriteAllTextAsync(Settings, "plexum { codex { binary = codex } }");

        var end = await _stage.RunAsync("install");

        Assert.Equal(2, end.ExitCode);
        Assert.Contains("\"codex\"", end.Errors, StringComparison.Ordinal);
        Assert.Contains(Codex, end.Errors, StringComparison.Ordinal);
        Assert.Equal("plexum { codex { binary = codex } }", await File.ReadAllTextAsync(Settings));
        Assert.False(File.Exists(Unit));
    }

    [Fact]
    public async Task A_setting_with_an_absolute_path_is_kept()
    {
        Directory.CreateDirectory(_stage.Profile);
        var settings = $"plexum.codex.binary = \"{_stage.File("bin/codex")}\"";
        await File.WriteAllTextAsync(Settings, settings);

        Assert.Equal(0, (await _stage.RunAsync("install")).ExitCode);
        Assert.Equal(settings, await File.ReadAllTextAsync(Settings));
        Assert.True(File.Exists(Unit));
    }

    [Fact]
    public async Task Other_settings_stay_as_they_are()
    {
        Directory.CreateDirectory(_stage.Profile);
        await File.WriteAllTextAsync(Settings, "# mine\nplexum.turns.timeout = 5m");

        Assert.Equal(0, (await _stage.RunAsync("install")).ExitCode);
        Assert.Equal($"# mine\nplexum.turns.timeout = 5m\nplexum.codex.binary = \"{Codex}\"\n", await File.ReadAllTextAsync(Settings));
        Assert.Equal(0, (await _stage.RunAsync("say", "--agent", "alice", "hello")).ExitCode);
    }

    [Fact]
    public async Task Another_name_of_the_unit_and_another_home_of_configuration_are_taken()
    {
        _stage["XDG_CONFIG_HOME"] = _stage.File("config");

        Assert.Equal(0, (await _stage.RunAsync("install", "--unit", "plexum-codex-work")).ExitCode);
        Assert.True(File.Exists(_stage.File("config/systemd/user/plexum-codex-work.service")));
        Assert.Equal(2, (await _stage.RunAsync("install", "--unit", "../evil")).ExitCode);
    }

    [Fact]
    public async Task Without_codex_nothing_is_written()
    {
        _stage["PATH"] = "/usr/bin:/bin";

        var end = await _stage.RunAsync("install");

        Assert.Equal(1, end.ExitCode);
        Assert.Contains("codex was not found", end.Errors, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_stage.File("user")));
        Assert.False(Directory.Exists(_stage.Profile));
    }

    [Fact]
    public async Task Systemd_takes_the_unit()
    {
        if (!File.Exists("/usr/bin/systemd-analyze"))
        {
            return;
        }

        Directory.CreateDirectory(_stage.File("run"));
        await _stage.RunAsync("install");
        var start = new ProcessStartInfo("/usr/bin/systemd-analyze", ["--user", "verify", Unit]) { RedirectStandardError = true };
        start.Environment["XDG_RUNTIME_DIR"] = _stage.File("run");
        start.Environment["HOME"] = _stage.File("user");
        using var verify = Process.Start(start)!;
        var errors = await verify.StandardError.ReadToEndAsync();
        await verify.WaitForExitAsync();

        Assert.True(verify.ExitCode == 0 && !errors.Contains("plexum-codex.service", StringComparison.Ordinal), errors);
    }
}
