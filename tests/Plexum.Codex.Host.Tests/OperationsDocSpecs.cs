using System.Text.RegularExpressions;

namespace Plexum.Codex.Host;

/// <summary>The commands of docs/operations.md, run as they stand there.</summary>
public sealed partial class OperationsDocSpecs : IDisposable
{
    private readonly HostStage _stage = new("login Logged in using ChatGPT", "thread", "turn", "say ${prompt}", "completed 100 10");

    public void Dispose() => _stage.Dispose();

    [Fact]
    public async Task Every_command_runs_as_it_is_written()
    {
        var blocks = Blocks().Matches(await File.ReadAllTextAsync(DocFile())).Select(match => match.Groups[1].Value).ToArray();
        Assert.True(blocks.Length >= 9);
        PutOnPath(("plexum-codex", ProgramProcess.PlexumCodex), ("codex", FakeCodexStage.Binary));
        foreach (var other in new[] { "systemctl", "loginctl", "journalctl" })
        {
            File.WriteAllText(_stage.File($"bin/{other}"), $"#!/bin/sh\necho {other} \"$@\" >> '{_stage.File("called")}'\n");
            File.SetUnixFileMode(_stage.File($"bin/{other}"), UnixFileMode.UserRead | UnixFileMode.UserExecute);
        }

        // The daemon outlives the shell, and must not outlive the test.
        await File.WriteAllTextAsync(
            _stage.File("commands.sh"),
            $"set -eux\ntrap 'plexum-codex daemon stop || true' EXIT\n{string.Concat(blocks)}\n"
        );
        using var shell = _stage.StartOther("/bin/bash", _stage.File("commands.sh"));
        var end = await shell.EndsAsync();

        Assert.True(end.ExitCode == 0, end.Output + end.Errors);
        Assert.Contains("What is in this directory?\n", end.Output, StringComparison.Ordinal);
        Assert.Contains("written: the unit", end.Output, StringComparison.Ordinal);
        var called = await File.ReadAllLinesAsync(_stage.File("called"));
        Assert.Contains("systemctl --user enable --now plexum-codex.service", called);
        Assert.Contains("systemctl --user disable --now plexum-codex.service", called);
        Assert.Contains("Restored into", end.Output, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_stage.Profile));
        Assert.Equal(4, _stage.Turns.Count(call => call.Cwd.StartsWith(_stage.Profile, StringComparison.Ordinal)));
    }

    private static string DocFile()
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(directory.FullName, "docs", "operations.md")))
        {
            directory = directory.Parent ?? throw new InvalidOperationException("The tests lie in no copy of the repository.");
        }

        return Path.Combine(directory.FullName, "docs", "operations.md");
    }

    private void PutOnPath(params (string Name, string Target)[] programs)
    {
        Directory.CreateDirectory(_stage.File("bin"));
        foreach (var (name, target) in programs)
        {
            File.CreateSymbolicLink(_stage.File($"bin/{name}"), target);
        }

        _stage["PLEXUM_CODEX_BINARY"] = null;
        _stage["XDG_CONFIG_HOME"] = null;
        _stage["HOME"] = _stage.File("user");
        _stage["PATH"] = _stage.File("bin") + ":/usr/bin:/bin";
    }

    [GeneratedRegex(@"^```sh\n(.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Blocks();
}
