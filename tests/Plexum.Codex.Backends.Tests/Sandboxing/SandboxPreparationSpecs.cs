using System.Collections.Immutable;
using Plexum.Codex.Events;
using Plexum.Codex.Processes;
using Plexum.Codex.Turns;
using Xunit;

namespace Plexum.Codex.Sandboxing;

/// <summary>A shell script stands in for <c>codex sandbox</c>.</summary>
public sealed class SandboxPreparationSpecs : IDisposable
{
    // Runs the command behind "--", as codex does where it makes no sandbox.
    private const string Unconfined = """while [ "$1" != -- ]; do shift; done; shift; exec "$@" """;

    private readonly TemporaryDirectory _directory = new();
    private readonly string _workspace;
    private ImmutableArray<string> _extraArguments = [];

    public SandboxPreparationSpecs()
    {
        _workspace = Directory.CreateDirectory(_directory.File("profile/agents/alice/workspace")).FullName;
        Directory.CreateDirectory(_directory.File("codex-home"));
    }

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task A_confined_turn_gets_its_profile_once_codex_has_kept_to_it()
    {
        var prepared = await PrepareAsync(CodexSandbox.Confined, $"""printf '%s\n' "$@" > '{_directory.File("asked")}'""");

        var asked = await File.ReadAllTextAsync(_directory.File("asked"));
        Assert.Equal(4, prepared.Overrides.Length);
        Assert.All(prepared.Overrides, value => Assert.Contains($"-c\n{value}\n", asked, StringComparison.Ordinal));
        Assert.Contains($"\"{_directory.File("codex-home")}\"=\"deny\"", prepared.Overrides[0], StringComparison.Ordinal);
        Assert.Contains($"-C\n{_workspace}\n", asked, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_codex_whose_commands_can_still_read_what_is_denied_is_refused() =>
        Assert.Contains($"could still read {_directory.File("codex-home")}.", await ProblemAsync(Unconfined), StringComparison.Ordinal);

    [Fact]
    public async Task A_system_that_permits_no_sandbox_is_told_in_codex_s_words_with_what_to_do()
    {
        var problem = await ProblemAsync("echo WARNING: proceeding >&2; echo 'bwrap: No permissions to create a namespace' >&2; exit 1");

        Assert.StartsWith(
            "codex cannot confine commands here. bwrap: No permissions to create a namespace. Run",
            problem,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task A_codex_that_says_nothing_and_fails_is_refused_too() =>
        Assert.Contains("exited with 3 and said nothing", await ProblemAsync("exit 3"), StringComparison.Ordinal);

    [Fact]
    public async Task A_codex_that_is_too_old_to_confine_is_not_even_tried()
    {
        var problem = await ProblemAsync("exit 0", new Version(0, 149, 9));

        Assert.Contains("0.149.9", problem, StringComparison.Ordinal);
        Assert.Contains("0.150.0 or newer", problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Extra_arguments_that_would_undo_it_are_refused()
    {
        _extraArguments = ["--add-dir", "/"];

        Assert.Contains("\"--add-dir\"", await ProblemAsync("exit 0"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(CodexSandbox.WorkspaceWrite)]
    [InlineData(CodexSandbox.ReadOnly)]
    public async Task Extra_arguments_do_not_undo_a_sandbox_that_a_request_names(CodexSandbox sandbox)
    {
        _extraArguments = ["-c", "sandbox_mode=\"danger-full-access\""];

        var refused = await Assert.ThrowsAsync<SandboxUnavailableException>(() => PrepareAsync(sandbox, "exit 0", isRequested: true));

        Assert.Contains($"The sandbox {sandbox.ToWireName()} would not hold", refused.Message, StringComparison.Ordinal);
        Assert.Contains("sandbox_mode=", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(CodexSandbox.None)]
    [InlineData(CodexSandbox.WorkspaceWrite)]
    [InlineData(CodexSandbox.ReadOnly)]
    [InlineData(CodexSandbox.Inherit)]
    public async Task Extra_arguments_of_the_owners_may_change_the_owners_setting(CodexSandbox sandbox)
    {
        _extraArguments = ["--add-dir", "/"];

        Assert.Equal(sandbox, (await PrepareAsync(sandbox, "exit 1")).Sandbox);
    }

    [Theory]
    [InlineData(CodexSandbox.None)]
    [InlineData(CodexSandbox.WorkspaceWrite)]
    [InlineData(CodexSandbox.ReadOnly)]
    [InlineData(CodexSandbox.Inherit)]
    public async Task Other_sandboxes_need_nothing_of_it(CodexSandbox sandbox) =>
        Assert.Empty((await PrepareAsync(sandbox, "exit 1")).Overrides);

    [Fact]
    public async Task A_configuration_that_does_not_hold_is_told()
    {
        _directory.Write("codex-home/config.toml", "default_permissions = \"mine\"\n");

        var notice = (await PrepareAsync(CodexSandbox.None, "exit 1")).Notice;

        Assert.Equal(NoticeCodes.SandboxOverridden, notice?.Code);
        Assert.Contains("default_permissions = \"mine\"", notice?.Message, StringComparison.Ordinal);
        Assert.Null((await PrepareAsync(CodexSandbox.Inherit, "exit 1")).Notice);
    }

    [Fact]
    public async Task A_configuration_that_cannot_be_read_is_left_to_codex()
    {
        _directory.Write("codex-home/config.toml", "no toml");

        Assert.Null((await PrepareAsync(CodexSandbox.None, "exit 1")).Notice);
    }

    private async Task<string> ProblemAsync(string script, Version? version = null) =>
        (await Assert.ThrowsAsync<SandboxUnavailableException>(() => PrepareAsync(CodexSandbox.Confined, script, version))).Message;

    private Task<PreparedSandbox> PrepareAsync(CodexSandbox sandbox, string script, Version? version = null, bool isRequested = false)
    {
        var program = _directory.Write("codex", $"#!/bin/sh\n{script}\n");
        File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        var confined = new ConfinedSettings { Profile = _directory.File("profile") };
        return new SandboxPreparation(
            confined,
            _directory.File("codex-home"),
            new ProcessEnvironment(),
            _extraArguments,
            TimeProvider.System
        ).PrepareAsync(sandbox, new CodexBinary(program, version ?? new Version(0, 169, 0), program), _workspace, isRequested);
    }
}
