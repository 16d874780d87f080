using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text;

namespace Plexum.Codex.TestSupport.Warm;

/// <summary>
/// A process of plexum-codex that runs one command after the other, each from the program's very beginning, with arguments, environment,
/// directory and standard streams of its own. What costs a new process half a second of the processor, it costs once. It is for commands
/// that answer and end; what is about the process, such as signals, terminals and who holds what until when, starts one.
/// </summary>
internal sealed class WarmProgram : IDisposable
{
    // A daemon's process is its own, and so is what is started beside one and whoever is to be their parent.
    private static readonly string[] Lasting = ["serve", "molecule", "plugin", "mcp-host", "daemon", "demo"];

    private static readonly ConcurrentBag<WarmProgram> Idle = [];

    private readonly Process _process;
    private readonly BinaryReader _answers;

    private WarmProgram()
    {
        var start = new ProcessStartInfo(ProgramProcess.PlexumCodex) { RedirectStandardInput = true, RedirectStandardOutput = true };
        start.Environment["DOTNET_STARTUP_HOOKS"] = typeof(StartupHook).Assembly.Location;
        _process = Process.Start(start)!;
        _answers = new BinaryReader(_process.StandardOutput.BaseStream);
    }

    /// <summary>Whether a command with these arguments may run in a process that others have used.</summary>
    public static bool Suits(IEnumerable<string> arguments) => !arguments.Any(Lasting.Contains);

    /// <summary>Runs a command to its end; its standard input is empty.</summary>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="environment">What its environment has besides that of the tests; null takes a variable out.</param>
    public static async Task<ProgramEnd> RunAsync(IReadOnlyList<string> arguments, IEnumerable<KeyValuePair<string, string?>> environment)
    {
        var program = Idle.TryTake(out var idle) ? idle : new WarmProgram();
        var end = await program.EndsAsync(arguments, environment);
        if (program._process.HasExited)
        {
            program.Dispose();
        }
        else
        {
            Idle.Add(program);
        }

        return end;
    }

    /// <summary>Kills it, and all that it has started, if it still runs.</summary>
    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
        }

        _answers.Dispose();
        _process.Dispose();
    }

    private async Task<ProgramEnd> EndsAsync(IReadOnlyList<string> arguments, IEnumerable<KeyValuePair<string, string?>> environment)
    {
        using var directory = new TemporaryDirectory();
        var (output, errors) = (directory.Write("output", ""), directory.Write("errors", ""));
        var start = new ProcessStartInfo();
        ProgramProcess.Set(start, environment);
        string[] variables = [.. start.Environment.Where(variable => variable.Value is not null).Select(v => $"{v.Key}={v.Value}")];
        Send(Environment.CurrentDirectory, ["/dev/null", output, errors], variables, [.. arguments]);
        var code = await Task.Run(AnswerAsync).WithinLimit();
        return new ProgramEnd(code, await File.ReadAllTextAsync(output), await File.ReadAllTextAsync(errors));
    }

    private void Send(string directory, params string[][] texts)
    {
        using var message = new MemoryStream();
        using (var writer = new BinaryWriter(message, Encoding.UTF8, leaveOpen: true))
        {
            writer.Write(directory);
            foreach (var group in texts)
            {
                writer.Write(group.Length);
                Array.ForEach(group, writer.Write);
            }
        }

        _process.StandardInput.BaseStream.Write(message.ToArray());
        _process.StandardInput.BaseStream.Flush();
    }

    private async Task<int> AnswerAsync()
    {
        try
        {
            return _answers.ReadInt32();
        }
        catch (EndOfStreamException)
        {
            // It has ended in the middle of the command.
            await _process.WaitForExitAsync();
            return _process.ExitCode;
        }
    }
}
