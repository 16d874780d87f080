using System.Diagnostics;

namespace Plexum.Codex.Host.Security;

/// <summary>What another user of the machine tries in order to have a program of his run as this one.</summary>
public sealed class ProfileOwnerSpecs : IDisposable
{
    private const string Nobody = "65534";

    private const UnixFileMode Everybody = (UnixFileMode)0x1FF;

    private readonly HostStage _stage = new();

    public ProfileOwnerSpecs()
    {
        File.WriteAllText(Evil, $"#!/bin/sh\ntouch '{Done}'\nexec '{FakeCodexStage.Binary}' \"$@\"\n");
        File.SetUnixFileMode(Evil, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        _stage["PLEXUM_CODEX_BINARY"] = null;
        Directory.CreateDirectory(Path.Combine(_stage.Profile, "plugins", "plexum-openai-provider"));
        Poison("plexum-codex.hocon");
    }

    private string Evil => _stage.File("evil");

    private string Done => _stage.File("done");

    private string Settings => Path.Combine(_stage.Profile, "plexum-codex.hocon");

    public void Dispose() => _stage.Dispose();

    [Theory]
    [InlineData("plexum-codex.hocon")]
    [InlineData("plugins/plexum-openai-provider/config.json")]
    public async Task S12_Settings_that_everybody_could_write_do_not_choose_what_is_run(string name)
    {
        var file = Poison(name);
        File.SetUnixFileMode(file, File.GetUnixFileMode(file) | UnixFileMode.OtherWrite);

        await IsRefusedAsync($"chmod go-w '{file}'");
    }

    [Theory]
    [InlineData("")]
    [InlineData("plugins")]
    [InlineData("plugins/plexum-openai-provider")]
    public async Task S12_A_directory_in_which_everybody_could_replace_the_settings_is_refused(string name)
    {
        var directory = Path.Combine(_stage.Profile, name).TrimEnd('/');

        // The sticky bit helps in a directory of everybody's, such as /tmp, and not in one whose names mean something.
        foreach (var mode in new[] { Everybody, Everybody | UnixFileMode.StickyBit })
        {
            File.SetUnixFileMode(directory, mode);
            await IsRefusedAsync($"chmod go-w '{directory}'");
        }
    }

    [Fact]
    public async Task S12_A_profile_in_a_directory_of_everybody_s_is_refused_without_the_sticky_bit()
    {
        var shared = Share();
        Directory.Move(_stage.Profile, Path.Combine(shared, "profile"));
        _stage["PLEXUM_PROFILE_ROOT"] = Path.Combine(shared, "profile");
        await IsRefusedAsync($"chmod go-w '{shared}'");

        File.SetUnixFileMode(shared, Everybody | UnixFileMode.StickyBit);
        await IsAcceptedAsync();
    }

    [Fact]
    public async Task S12_A_link_to_the_profile_is_refused_where_everybody_could_replace_it()
    {
        var shared = Share();
        File.CreateSymbolicLink(Path.Combine(shared, "profile"), _stage.Profile);
        _stage["PLEXUM_PROFILE_ROOT"] = Path.Combine(shared, "profile");
        await IsRefusedAsync($"chmod go-w '{shared}'");

        File.SetUnixFileMode(shared, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        await IsAcceptedAsync();
    }

    [Fact]
    public async Task S12_Settings_behind_a_link_are_refused_where_everybody_could_write_them()
    {
        var shared = Share();
        File.Move(Settings, Path.Combine(shared, "settings"));
        File.CreateSymbolicLink(Settings, Path.Combine(shared, "settings"));

        await IsRefusedAsync($"chmod go-w '{shared}'");
    }

    [RootFact]
    public async Task S12_Settings_of_another_user_do_not_choose_what_is_run()
    {
        await GiveAwayAsync(Settings);

        await IsRefusedAsync($"chown 0 '{Settings}'");
    }

    [RootFact]
    public async Task S12_A_link_of_another_user_in_a_directory_of_everybody_s_does_not_lead_to_the_profile()
    {
        var shared = Share();
        File.SetUnixFileMode(shared, Everybody | UnixFileMode.StickyBit);
        var link = Path.Combine(shared, "profile");
        File.CreateSymbolicLink(link, _stage.Profile);
        await GiveAwayAsync(link);
        _stage["PLEXUM_PROFILE_ROOT"] = link;

        await IsRefusedAsync($"chown -h 0 '{link}'");
    }

    [Theory]
    [InlineData("turns")]
    [InlineData("serve")]
    [InlineData("molecule")]
    [InlineData("rollout", "--agent", "alice")]
    [InlineData("install")]
    [InlineData("install-plugin")]
    public async Task S12_Every_command_with_a_profile_refuses_it(params string[] command)
    {
        File.SetUnixFileMode(_stage.Profile, Everybody);

        var end = await _stage.RunAsync(command);

        Assert.Equal(2, end.ExitCode);
        Assert.Contains($"chmod go-w '{_stage.Profile}'", end.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("say", "--agent", "alice", "hello")]
    [InlineData("serve")]
    public async Task S12_A_home_of_codex_whose_settings_everybody_could_write_is_refused_before_codex_runs(params string[] command)
    {
        _stage["PLEXUM_CODEX_BINARY"] = FakeCodexStage.Binary;
        var settings = Path.Combine(_stage.CodexHome, "config.toml");
        File.WriteAllText(settings, "notify = [\"/tmp/evil\"]\n");
        File.SetUnixFileMode(settings, File.GetUnixFileMode(settings) | UnixFileMode.OtherWrite);

        var end = await _stage.RunAsync(command);

        Assert.Equal(2, end.ExitCode);
        Assert.Contains($"chmod go-w '{settings}'", end.Errors, StringComparison.Ordinal);
        Assert.Empty(_stage.Turns);
    }

    [Fact]
    public async Task Doctor_says_what_is_exposed_and_what_to_do()
    {
        File.SetUnixFileMode(_stage.Profile, Everybody);
        var profile = await _stage.RunAsync("doctor");
        File.SetUnixFileMode(_stage.Profile, Everybody & ~(UnixFileMode.GroupWrite | UnixFileMode.OtherWrite));
        File.SetUnixFileMode(_stage.CodexHome, Everybody);
        var codex = await _stage.RunAsync("doctor");

        Assert.Equal((1, 1), (profile.ExitCode, codex.ExitCode));
        Assert.Contains(profile.Lines, line => line.StartsWith($"no  {_stage.Profile} has mode 777", StringComparison.Ordinal));
        Assert.Contains(codex.Lines, line => line.Contains($"chmod go-w '{_stage.CodexHome}'", StringComparison.Ordinal));
    }

    [PrivateGroupFact]
    public async Task What_only_the_user_s_own_group_could_write_is_taken_from_it_and_works()
    {
        foreach (var path in new[] { _stage.Profile, Settings })
        {
            File.SetUnixFileMode(path, File.GetUnixFileMode(path) | UnixFileMode.GroupWrite);
        }

        var first = await IsAcceptedAsync();
        var second = await IsAcceptedAsync();

        Assert.Contains($"The group could write to {_stage.Profile};", first.Errors, StringComparison.Ordinal);
        Assert.Contains($"The group could write to {Settings};", first.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("The group", second.Errors, StringComparison.Ordinal);
        Assert.Equal(UnixFileMode.None, (File.GetUnixFileMode(_stage.Profile) | File.GetUnixFileMode(Settings)) & UnixFileMode.GroupWrite);
    }

    [Fact]
    public async Task Who_switches_the_check_off_is_told_so()
    {
        File.SetUnixFileMode(_stage.Profile, Everybody);
        _stage["PLEXUM_STRICT_MODES"] = "off";
        var off = await IsAcceptedAsync();
        _stage["PLEXUM_STRICT_MODES"] = "no";
        var mistake = await _stage.RunAsync("turns");

        Assert.Contains("PLEXUM_STRICT_MODES is off", off.Errors, StringComparison.Ordinal);
        Assert.Equal(2, mistake.ExitCode);
        Assert.Contains("PLEXUM_STRICT_MODES must be on or off", mistake.Errors, StringComparison.Ordinal);
    }

    // With a name of the attacker's for codex.
    private string Poison(string name)
    {
        var file = Path.Combine(_stage.Profile, name);
        var isJson = name.EndsWith(".json", StringComparison.Ordinal);
        File.WriteAllText(file, isJson ? $$"""{"binary":"{{Evil}}"}""" : $"plexum.codex.binary = \"{Evil}\"\n");
        return file;
    }

    private string Share()
    {
        var shared = Directory.CreateDirectory(_stage.File("shared")).FullName;
        File.SetUnixFileMode(shared, Everybody);
        return shared;
    }

    private async Task IsRefusedAsync(string remedy)
    {
        var end = await _stage.RunAsync("say", "--agent", "alice", "hello");

        Assert.Equal(2, end.ExitCode);
        Assert.Contains(remedy, end.Errors, StringComparison.Ordinal);
        Assert.False(File.Exists(Done), "What the other user wrote was run.");
    }

    private async Task<ProgramEnd> IsAcceptedAsync()
    {
        var end = await _stage.RunAsync("say", "--agent", "alice", "hello");

        Assert.True(end.ExitCode == 0, end.Errors);
        return end;
    }

    private static async Task GiveAwayAsync(string path)
    {
        using var chown = Process.Start("chown", ["-h", Nobody, path]);
        await chown.WaitForExitAsync();
        Assert.Equal(0, chown.ExitCode);
    }
}
