namespace Plexum.Codex.Host.Installation;

/// <summary>Which codex <c>install</c> gives to a service: one that is still found after an update, without this shell.</summary>
public sealed class InstallCodexSpecs : IDisposable
{
    private readonly HostStage _stage = new();

    public InstallCodexSpecs()
    {
        Directory.CreateDirectory(_stage.File("bin"));
        _stage["PLEXUM_CODEX_BINARY"] = null;
        _stage["PATH"] = $"{_stage.File("bin")}:{_stage.File("tools")}:/usr/bin:/bin";
        _stage["HOME"] = _stage.File("user");
        _stage["XDG_CONFIG_HOME"] = null;
        _stage["DOTNET_ROOT"] = Environment.GetEnvironmentVariable("DOTNET_ROOT");
    }

    private string Unit => _stage.File("user/.config/systemd/user/plexum-codex.service");

    private string Settings => Path.Combine(_stage.Profile, "plexum-codex.hocon");

    public void Dispose() => _stage.Dispose();

    [Theory]
    [InlineData("Cellar/codex/0.169.0/bin/codex")]
    [InlineData("lib/node_modules/@openai/codex-linux-x64/vendor/x86_64-unknown-linux-musl/bin/codex")]
    public async Task A_link_to_a_version_is_kept_and_followed_again_after_an_update(string program)
    {
        var real = _stage.File(program);
        Directory.CreateDirectory(Path.GetDirectoryName(real)!);
        File.CreateSymbolicLink(real, FakeCodexStage.Binary);
        Script("lib/node_modules/@openai/codex/bin/codex.js", "exit 1");
        var isNpms = program.StartsWith("lib/", StringComparison.Ordinal);
        File.CreateSymbolicLink(_stage.File("bin/codex"), isNpms ? "../lib/node_modules/@openai/codex/bin/codex.js" : real);

        Assert.Equal(0, (await _stage.RunAsync("install")).ExitCode);

        AssertSaved(_stage.File("bin/codex"));
        Assert.DoesNotContain("PATH=", await File.ReadAllTextAsync(Unit), StringComparison.Ordinal);
        _stage["PATH"] = "/usr/bin:/bin";
        Assert.Equal(0, (await _stage.RunAsync("say", "--agent", "alice", "hello")).ExitCode);
    }

    [Fact]
    public async Task A_shim_that_needs_other_programs_of_this_shell_gets_its_PATH_in_the_unit()
    {
        Script("bin/codex", "exec manager-of-spec codex \"$@\"");
        Script("tools/manager-of-spec", $"shift; exec '{FakeCodexStage.Binary}' \"$@\"");

        var end = await _stage.RunAsync("install");

        Assert.True(end.ExitCode == 0, end.Errors);
        AssertSaved(_stage.File("bin/codex"));
        Assert.Contains(
            $"Environment=\"PATH={_stage.File("bin")}:{_stage.File("tools")}:/usr/bin:/bin\"",
            await File.ReadAllLinesAsync(Unit)
        );
    }

    [Fact]
    public async Task A_shim_that_needs_more_of_this_shell_than_its_PATH_is_told_with_its_words()
    {
        const string Check = "[ -n \"$ROOT_OF_SPEC\" ] || { echo ROOT_OF_SPEC is not set >&2; exit 1; }";
        Script("bin/codex", $"{Check}\nexec '{FakeCodexStage.Binary}' \"$@\"");
        _stage["ROOT_OF_SPEC"] = _stage.Folder;

        var end = await _stage.RunAsync("install");

        // A user's systemd may have been given it.
        Assert.Equal(0, end.ExitCode);
        Assert.Contains("ROOT_OF_SPEC is not set", end.Errors, StringComparison.Ordinal);
        Assert.Contains("codex.binary", end.Errors, StringComparison.Ordinal);
        AssertSaved(_stage.File("bin/codex"));
        Assert.DoesNotContain("PATH=", await File.ReadAllTextAsync(Unit), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_unit_without_a_PATH_that_is_there_already_is_left_alone()
    {
        Script("bin/codex", $"exec '{FakeCodexStage.Binary}' \"$@\"");
        Assert.Equal(0, (await _stage.RunAsync("install")).ExitCode);
        var unit = await File.ReadAllTextAsync(Unit);

        Script("bin/codex", "exec manager-of-spec codex \"$@\"");
        Script("tools/manager-of-spec", $"shift; exec '{FakeCodexStage.Binary}' \"$@\"");
        var end = await _stage.RunAsync("install");

        Assert.True(end.ExitCode == 0, end.Errors);
        Assert.Equal(unit, await File.ReadAllTextAsync(Unit));
    }

    [Fact]
    public async Task A_directory_that_goes_with_this_shell_is_not_saved()
    {
        Directory.CreateDirectory(_stage.File("versions/v22/bin"));
        File.CreateSymbolicLink(_stage.File("versions/v22/bin/codex"), FakeCodexStage.Binary);
        Directory.CreateDirectory(_stage.File("fnm_multishells"));
        Directory.CreateSymbolicLink(_stage.File("fnm_multishells/1_2"), "../versions/v22");
        _stage["PATH"] = $"{_stage.File("fnm_multishells/1_2/bin")}:/usr/bin:/bin";

        Assert.Equal(0, (await _stage.RunAsync("install")).ExitCode);

        AssertSaved(_stage.File("versions/v22/bin/codex"));
    }

    private void AssertSaved(string codex) => Assert.Equal($"plexum.codex.binary = \"{codex}\"\n", File.ReadAllText(Settings));

    private void Script(string name, string script)
    {
        var path = _stage.File(name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, $"#!/bin/sh\n{script}\n");
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }
}
