namespace Plexum.Codex.Host;

public sealed class ProgramSpecs : IDisposable
{
    private readonly HostStage _stage = new();

    public void Dispose() => _stage.Dispose();

    [Theory]
    [InlineData]
    [InlineData("say")]
    [InlineData("say", "--agent", "alice")]
    [InlineData("say", "hello")]
    [InlineData("say", "--agent", "alice", "--nonsense", "hello")]
    [InlineData("say", "--agent", "alice", "two", "texts")]
    [InlineData("nonsense")]
    [InlineData("doctor", "--set")]
    public async Task A_mistake_on_the_command_line_gives_2_and_a_way_on(params string[] arguments)
    {
        var end = await _stage.RunAsync(arguments);

        Assert.Equal((2, ""), (end.ExitCode, end.Output));
        Assert.Contains("--help lists the options and arguments.", end.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("say", "--help")]
    [InlineData("doctor", "--help")]
    [InlineData("demo", "--help")]
    [InlineData("--help")]
    [InlineData("--version")]
    public async Task Help_and_version_are_given(params string[] arguments)
    {
        var end = await _stage.RunAsync(arguments);

        Assert.Equal((0, ""), (end.ExitCode, end.Errors));
        Assert.NotEqual("", end.Output);
    }

    [Fact]
    public async Task All_mistakes_of_the_configuration_are_told_and_give_2()
    {
        Directory.CreateDirectory(_stage.Profile);
        File.WriteAllText(Path.Combine(_stage.Profile, "plexum-codex.hocon"), "plexum {\n  colour = red\n}\n");

        var end = await _stage.RunAsync("say", "--agent", "alice", "--set", "turns.timeout=soon", "hello");

        Assert.Equal((2, ""), (end.ExitCode, end.Output));
        Assert.Contains("plexum-codex.hocon, line 2: the key plexum.colour is unknown", end.Errors, StringComparison.Ordinal);
        Assert.Contains("--set turns.timeout: ", end.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Warnings_of_the_configuration_go_to_standard_error()
    {
        var plugin = Directory.CreateDirectory(Path.Combine(_stage.Profile, "plugins", "plexum-openai-provider")).FullName;
        File.WriteAllText(Path.Combine(plugin, "config.json"), "{\"colour\": \"[red]\"}");

        var end = await _stage.RunAsync("say", "--agent", "alice", "hello");

        Assert.Equal(0, end.ExitCode);
        Assert.Contains("config.json, line 1: the key \"colour\" is unknown", end.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("PLEXUM_PROFILE_ROOT", "/proc/nowhere")]
    [InlineData("PLEXUM_PROFILE_ROOT", "/dev/null")]
    [InlineData("PLEXUM_PROFILE_ROOT", "/dev/null/below")]
    [InlineData("HOME", "/proc/nowhere")]
    [InlineData("HOME", "not/absolute")]
    public async Task A_profile_that_cannot_be_used_is_a_sentence(string variable, string value)
    {
        _stage["PLEXUM_PROFILE_ROOT"] = null;
        _stage[variable] = value;

        var end = await _stage.RunAsync("say", "--agent", "alice", "hello");

        Assert.Equal((2, ""), (end.ExitCode, end.Output));
        Assert.Contains("PLEXUM_PROFILE_ROOT", end.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", end.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Only_the_owner_may_look_into_the_profile()
    {
        await _stage.RunAsync("say", "--agent", "alice", "hello");

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(_stage.Profile));
    }
}
