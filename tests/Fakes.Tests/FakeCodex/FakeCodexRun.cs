using System.Diagnostics;
using System.Text;
using Plexum.Codex.Processes;

namespace Plexum.Codex.Fakes.FakeCodex;

/// <summary>One run of FakeCodex with pipes.</summary>
internal sealed class FakeCodexRun : IDisposable
{
    public static readonly string[] Turn = ["exec", "--skip-git-repo-check", "--dangerously-bypass-approvals-and-sandbox", "--json", "-"];

    private readonly Process _process;

    private FakeCodexRun(Process process) => _process = process;

    public StreamReader Output => _process.StandardOutput;

    public bool HasExited => _process.HasExited;

    public static FakeCodexRun Start(FakeCodexStage stage, string? prompt = "hi", params string[] args)
    {
        var start = new ProcessStartInfo(FakeCodexStage.Binary, args.Length == 0 ? Turn : args)
        {
            WorkingDirectory = stage.Workspace,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardInputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false),
            StandardOutputEncoding = Encoding.UTF8,
        };
        foreach (var (name, value) in stage.Environment)
        {
            start.Environment[name] = value;
        }

        var run = new FakeCodexRun(Process.Start(start)!);
        if (prompt is not null)
        {
            run.CloseInput(prompt);
        }

        return run;
    }

    public static async Task<FakeCodexResult> RunAsync(FakeCodexStage stage, string? prompt = "hi", params string[] args)
    {
        using var run = Start(stage, prompt, args);
        return await run.EndAsync();
    }

    public void CloseInput(string prompt)
    {
        try
        {
            _process.StandardInput.Write(prompt);
            _process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It refused its arguments and has gone without reading.
        }
    }

    /// <summary>How many writes it has made so far, as the kernel counts them.</summary>
    public int CountWrites() => ProcessProbe.WritesOf(_process.Id);

    public void Signal(ProcessSignal signal) => Assert.True(ProcessProbe.Signal(_process.Id, signal));

    public Task ExitAsync() => _process.WaitForExitAsync().WithinLimit();

    public async Task<FakeCodexResult> EndAsync()
    {
        using var bytes = new MemoryStream();
        var output = _process.StandardOutput.BaseStream.CopyToAsync(bytes);
        var error = _process.StandardError.ReadToEndAsync();
        await Task.WhenAll(output, error, _process.WaitForExitAsync()).WithinLimit();
        return new FakeCodexResult(_process.ExitCode, bytes.ToArray(), await error);
    }

    public int ExitCode => _process.ExitCode;

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        _process.Dispose();
    }
}

internal sealed record FakeCodexResult(int ExitCode, byte[] Bytes, string Error)
{
    public string Output => Encoding.UTF8.GetString(Bytes);

    public string[] Lines => Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
}
