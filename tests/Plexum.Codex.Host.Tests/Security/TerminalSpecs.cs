using System.Text.Json.Nodes;
using Plexum.Codex.Molecule;
using Plexum.Codex.TestSupport.Molecule;

namespace Plexum.Codex.Host.Security;

/// <summary>A model, its commands and codex write what a terminal would obey.</summary>
public sealed class TerminalSpecs : IDisposable
{
    private const string Orders = "\u001b]0;owned\u0007 \u009b2J \u202egpj.exe \u2066";

    // Runs a program in a terminal, and passes on what would be shown there.
    private const string Terminal = "import os, pty, sys; sys.exit(os.waitstatus_to_exitcode(pty.spawn(sys.argv[1:])))";

    // As wide as any table, so that nothing in it is split.
    private static readonly string[] Wide = ["/bin/sh", "-c", "stty cols 1000; exec \"$0\" \"$@\""];

    private readonly HostStage _stage = new(
        "thread",
        "turn",
        $"say {Orders}",
        $"think {Orders}",
        $"command {Orders}",
        $"warn {Orders}",
        $"stderr {Orders}",
        "completed 1 1"
    );

    public TerminalSpecs()
    {
        // Nothing of what is seen then is colour, so every escape is somebody else's.
        _stage["TERM"] = "dumb";
        _stage["NO_COLOR"] = "1";
    }

    public void Dispose() => _stage.Dispose();

    [Fact]
    public async Task S17_What_a_turn_says_does_not_drive_the_terminal_that_shows_it()
    {
        var shown = await ShowAsync("say", "--agent", "alice", "hello");

        Assert.Contains(@"\x1b]0;owned\x07 \x9b2J \u202egpj.exe \u2066", shown, StringComparison.Ordinal);
        AssertHarmless(shown);
    }

    [Fact]
    public async Task S17_The_same_holds_for_JSON_which_still_means_the_same()
    {
        var shown = await ShowAsync("say", "--agent", "alice", "--json", "hello");

        AssertHarmless(shown);
        var said = shown.Split('\n').Where(line => line.StartsWith('{')).Select(line => JsonNode.Parse(line)!);
        Assert.Equal(Orders, (string)said.First(line => (string)line["type"]! == "text_delta")["text"]!);
    }

    [Fact]
    public async Task S17_The_commands_that_show_turns_of_a_daemon_do_not_drive_the_terminal_either()
    {
        _stage.Script("thread", "turn", $"say {Orders}", $"warn {Orders}", $"failed {Orders}");
        await using var daemon = await _stage.StartDaemonAsync();
        var turn = await daemon.Api.SubmitAsync("hello");
        await daemon.Api.EndedAsync(turn);

        string[][] commands =
        [
            ["events", turn],
            ["events", turn, "--json"],
            ["turns"],
            ["turns", "--json"],
        ];
        foreach (var command in commands)
        {
            var shown = await ShowAsync(command);

            Assert.Contains(@"\u202e", shown, StringComparison.OrdinalIgnoreCase);
            AssertHarmless(shown);
        }
    }

    [Fact]
    public async Task S17_What_the_platform_says_drives_no_terminal_that_shows_the_status_or_the_log()
    {
        await using var rig = await DirectRig.MakeAsync("thread", "turn", "completed 1 1");
        var refusal = new JsonObject { ["error"] = $"{Orders}\u2028forged" };
        rig.Platform.Faults.Always("/activity", Fault.Status(409, refusal.ToJsonString()));
        await rig.Daemon.StartAsync();
        await rig.StatusAsync(inbox => inbox.LastError is not null);
        _stage["PLEXUM_PROFILE_ROOT"] = rig.Stage.Profile;

        var shown = await ShowAsync("status");
        await rig.Daemon.StopAsync();

        var log = rig.Stage.ProgramLog();
        Assert.All([shown, log], text =>
        {
            Assert.Contains(@"\u202egpj.exe \u2066", text, StringComparison.Ordinal);
            AssertHarmless(text);
        });
    }

    [Fact]
    public async Task What_is_piped_stays_as_the_model_wrote_it()
    {
        var end = await _stage.RunAsync("say", "--agent", "alice", "hello");

        Assert.Equal(Orders, end.Output.TrimEnd('\n'));
        AssertHarmless(end.Errors);
    }

    private async Task<string> ShowAsync(params string[] arguments)
    {
        using var terminal = _stage.StartOther("python3", ["-c", Terminal, .. Wide, ProgramProcess.PlexumCodex, .. arguments]);
        var end = await terminal.EndsAsync();
        Assert.True(end.ExitCode == 0, end.Output + end.Errors);
        return end.Output.Replace("\r\n", "\n", StringComparison.Ordinal);
    }

    private static void AssertHarmless(string shown) =>
        Assert.DoesNotContain(shown, c => (char.IsControl(c) && c is not ('\n' or '\t')) || c is '\u202e' or '\u2066' or '\u2028');
}
