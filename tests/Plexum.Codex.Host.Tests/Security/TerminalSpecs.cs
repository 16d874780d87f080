using System.Text.Json.Nodes;

namespace Plexum.Codex.Host.Security;

/// <summary>A model, its commands and codex write what a terminal would obey.</summary>
public sealed class TerminalSpecs : IDisposable
{
    private const string Orders = "\u001b]0;owned\u0007 \u009b2J \u202egpj.exe \u2066";

    // Runs a program in a terminal, and passes on what would be shown there.
    private const string Terminal = "import os, pty, sys; sys.exit(os.waitstatus_to_exitcode(pty.spawn(sys.argv[1:])))";

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
    public async Task What_is_piped_stays_as_the_model_wrote_it()
    {
        var end = await _stage.RunAsync("say", "--agent", "alice", "hello");

        Assert.Equal(Orders, end.Output.TrimEnd('\n'));
        AssertHarmless(end.Errors);
    }

    private async Task<string> ShowAsync(params string[] arguments)
    {
        using var terminal = _stage.StartOther("python3", ["-c", Terminal, ProgramProcess.PlexumCodex, .. arguments]);
        var end = await terminal.EndsAsync();
        Assert.True(end.ExitCode == 0, end.Output + end.Errors);
        return end.Output.Replace("\r\n", "\n", StringComparison.Ordinal);
    }

    private static void AssertHarmless(string shown) =>
        Assert.DoesNotContain(shown, c => (char.IsControl(c) && c is not ('\n' or '\t')) || c is '\u202e' or '\u2066');
}
