using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Plexum.Codex.TestSupport;

/// <summary>
/// A terminal in which a program runs: a pane of tmux's, which shows what a person would see. It does not outlive the test.
/// </summary>
public sealed class TmuxTerminal : IDisposable
{
    // tmux 3.3a does not start with "window-size manual"; resizing a window sets it.
    private const string Configuration = "set -g status off\nset -g default-terminal screen\n";

    // The terminal stays, so that what the program leaves behind can be seen. Ctrl-C is the program's.
    private const string Shell = "trap : INT; \"$0\" \"$@\"; echo \"ended with $?\"; exec sleep 600";

    // Each look starts a process.
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(100);

    private static readonly Lazy<string?> Missing = new(Try);

    private readonly TemporaryDirectory _folder = new();
    private readonly IReadOnlyList<KeyValuePair<string, string?>> _environment;

    /// <param name="width">Its columns.</param>
    /// <param name="height">Its lines.</param>
    /// <param name="environment">What the program's environment has besides that of the tests.</param>
    /// <param name="program">The program and its arguments.</param>
    public TmuxTerminal(int width, int height, IEnumerable<KeyValuePair<string, string?>> environment, params string[] program)
    {
        // tmux wants a locale of UTF-8, and a terminal of its own, if it runs in one, must not matter.
        _environment = [.. environment, new("LC_ALL", "C.UTF-8"), new("TMUX", null), new("NO_COLOR", null)];
        _folder.Write("conf", Configuration);
        Run(["new-session", "-d", "-x", Text(width), "-y", Text(height), "--", "/bin/sh", "-c", Shell, .. program]);
    }

    /// <summary>Why there is no such terminal here; null where there is.</summary>
    public static string? WhyNot => Missing.Value;

    /// <summary>Whether the cursor is to be seen, and the screen is the usual one.</summary>
    public bool IsRestored => Run(["display-message", "-p", "#{cursor_flag} #{alternate_on}"]).Trim() == "1 0";

    /// <summary>What is to be seen: its lines, without blanks at their ends.</summary>
    public string[] Screen() => Run(["capture-pane", "-p"]).TrimEnd('\n').Split('\n');

    /// <summary>Waits until it shows what it should.</summary>
    /// <param name="holds">Whether it does.</param>
    /// <returns>What it shows then.</returns>
    public async Task<string[]> ShowsAsync(Func<string[], bool> holds)
    {
        using var limit = new CancellationTokenSource(Limits.Wait);
        using var looks = new PeriodicTimer(Look);
        string[] screen;
        while (!holds(screen = Screen()))
        {
            Assert.False(limit.IsCancellationRequested, $"The terminal never showed it, but:\n{string.Join('\n', screen)}");
            await looks.WaitForNextTickAsync(CancellationToken.None);
        }

        return screen;
    }

    /// <summary>Waits until the program has ended, and returns what is to be seen then.</summary>
    /// <param name="exitCode">How it must end.</param>
    public async Task<string[]> EndsAsync(int exitCode)
    {
        var screen = await ShowsAsync(lines => lines.Any(line => line.StartsWith("ended with ", StringComparison.Ordinal)));
        Assert.Contains($"ended with {Text(exitCode)}", screen);
        return screen;
    }

    /// <summary>Makes it larger or smaller.</summary>
    public void Resize(int width, int height) => Run(["resize-window", "-x", Text(width), "-y", Text(height)]);

    /// <summary>Presses keys, by tmux's names.</summary>
    public void Press(string keys) => Run(["send-keys", keys]);

    /// <summary>Ends it and what runs in it.</summary>
    public void Dispose()
    {
        Run(["kill-server"], mustSucceed: false);
        _folder.Dispose();
    }

    private string Run(IEnumerable<string> arguments, bool mustSucceed = true)
    {
        var start = new ProcessStartInfo("tmux", ["-u", "-f", _folder.File("conf"), "-S", _folder.File("tmux"), .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
        };
        foreach (var (name, value) in _environment)
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0 || !mustSucceed, $"tmux {string.Join(' ', arguments)}: {errors}");
        return output.GetAwaiter().GetResult();
    }

    private static string? Try()
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo("tmux", "-V") { RedirectStandardOutput = true })!;
            process.WaitForExit();
            return process.ExitCode == 0 ? null : "tmux does not run here, in which the screens are tried.";
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            return $"There is no tmux, in which the screens are tried; install it to include this test: {e.Message}";
        }
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
