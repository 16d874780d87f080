using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;

namespace Plexum.Codex.Host;

/// <summary>plexum-codex as a process of its own, as it was built beside the tests.</summary>
internal sealed partial class PlexumCodexProcess : IDisposable
{
    public const int Interrupt = 2;

    private static readonly UTF8Encoding s_utf8 = new(encoderShouldEmitUTF8Identifier: false);

    private readonly Process _process;
    private readonly StringBuilder _errors = new();

    private PlexumCodexProcess(Process process) => _process = process;

    public static string Path { get; } = System.IO.Path.Combine(AppContext.BaseDirectory, "plexum-codex");

    public static PlexumCodexProcess Start(string program, IEnumerable<string> arguments, IEnumerable<KeyValuePair<string, string?>> environment)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardInputEncoding = s_utf8,
            StandardOutputEncoding = s_utf8,
            StandardErrorEncoding = s_utf8,
        };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        return new PlexumCodexProcess(Process.Start(start)!);
    }

    /// <summary>Its standard input, for who writes no text.</summary>
    public Stream Input => _process.StandardInput.BaseStream;

    /// <summary>Its standard output, for who reads it all by himself.</summary>
    public Stream Output => _process.StandardOutput.BaseStream;

    public void Signal(int signal) => Assert.Equal(0, Kill(_process.Id, signal));

    /// <summary>Nobody reads its standard output any more.</summary>
    public void CloseOutput() => _process.StandardOutput.Close();

    /// <summary>Waits for a line on standard error.</summary>
    public async Task ComplainsAsync(string text)
    {
        using var limit = new CancellationTokenSource(Limits.Wait);
        while (await _process.StandardError.ReadLineAsync(limit.Token) is { } line)
        {
            _errors.AppendLine(line);
            if (line.Contains(text, StringComparison.Ordinal))
            {
                return;
            }
        }

        Assert.Fail($"It ended without \"{text}\" on standard error, which was:\n{_errors}");
    }

    /// <summary>Waits for a line on standard output; what came before it is not in the output of the end.</summary>
    public async Task PrintsAsync(string text)
    {
        using var limit = new CancellationTokenSource(Limits.Wait);
        while (await _process.StandardOutput.ReadLineAsync(limit.Token) is { } line)
        {
            if (line.Contains(text, StringComparison.Ordinal))
            {
                return;
            }
        }

        Assert.Fail($"It ended without \"{text}\" on standard output.");
    }

    /// <summary>Gives it its input and waits for its end.</summary>
    public async Task<ProgramEnd> EndsAsync(string input = "", bool readOutput = true)
    {
        using var limit = new CancellationTokenSource(Limits.Wait);
        await _process.StandardInput.WriteAsync(input.AsMemory(), limit.Token);
        _process.StandardInput.Close();
        var output = readOutput ? _process.StandardOutput.ReadToEndAsync(limit.Token) : Task.FromResult("");
        _errors.Append(await _process.StandardError.ReadToEndAsync(limit.Token));
        await _process.WaitForExitAsync(limit.Token);
        return new ProgramEnd(_process.ExitCode, await output, _errors.ToString());
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
        }

        _process.Dispose();
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int pid, int signal);
}

/// <summary>What is left of a process that ended.</summary>
internal sealed record ProgramEnd(int ExitCode, string Output, string Errors)
{
    public string[] Lines => Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
}
