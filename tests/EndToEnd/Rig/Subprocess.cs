using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Plexum.Codex.EndToEnd;

/// <summary>A program started by the test; it does not outlive it.</summary>
internal sealed class Subprocess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly Task<string> _output;
    private readonly Task<string> _errors;

    private Subprocess(Process process)
    {
        _process = process;
        _output = process.StandardOutput.ReadToEndAsync();
        _errors = process.StandardError.ReadToEndAsync();
    }

    public static string Program { get; } = Path.Combine(AppContext.BaseDirectory, "plexum-codex");

    public int Id => _process.Id;

    public static Subprocess Start(string program, IEnumerable<string> arguments, CodexRig rig, string? directory = null, string input = "", Dictionary<string, string>? variables = null)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardInputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false),
            StandardOutputEncoding = Encoding.UTF8,
            WorkingDirectory = directory ?? AppContext.BaseDirectory,
        };
        foreach (var (name, value) in rig.Variables().Concat(variables ?? []))
        {
            start.Environment[name] = value;
        }

        var process = Process.Start(start)!;
        process.StandardInput.Write(input);
        process.StandardInput.Close();
        return new Subprocess(process);
    }

    public static Subprocess StartProgram(CodexRig rig, params string[] arguments) => Start(Program, arguments, rig);

    public void Interrupt()
    {
        var command = string.Create(CultureInfo.InvariantCulture, $"kill -INT {_process.Id}");
        using var kill = Process.Start("/bin/sh", ["-c", command]);
        kill.WaitForExit();
    }

    public async Task<(int ExitCode, string Output, string Errors)> EndAsync()
    {
        await _process.WaitForExitAsync().WithinLimit();
        return (_process.ExitCode, await _output.WithinLimit(), await _errors.WithinLimit());
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync().WithinLimit();
        }

        _process.Dispose();
    }
}
