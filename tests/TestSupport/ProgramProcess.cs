using System.Diagnostics;
using System.Text;
using Plexum.Codex.Processes;

namespace Plexum.Codex.TestSupport;

/// <summary>A program that a test has started. It does not outlive the test.</summary>
public sealed class ProgramProcess : IDisposable
{
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false);

    private readonly Process _process;
    private readonly StringBuilder _errors = new();
    private readonly Task _collecting;

    private ProgramProcess(Process process)
    {
        _process = process;
        _collecting = CollectAsync(process.StandardError);
    }

    /// <summary>
    /// The setting that keeps a busy machine from adding notices to turns, as <c>--set</c> takes it. Every program that a test starts has
    /// it in its environment; specs of these notices set it otherwise.
    /// </summary>
    public const string NoWaitingNotice = "turns.waiting-notice=off";

    /// <summary>
    /// The setting with which each turn has a process of codex, as <c>--set</c> takes it. Every program that a test starts has it in its
    /// environment: what hosts see is the same with both backends, and FakeCodex does more as a process. Specs of app-server set it
    /// otherwise.
    /// </summary>
    public const string WithExec = "codex.backend=exec";

    /// <summary>plexum-codex, as it was built beside the tests.</summary>
    public static string PlexumCodex { get; } = Path.Combine(AppContext.BaseDirectory, "plexum-codex");

    /// <summary>The number of its process.</summary>
    public int Id => _process.Id;

    /// <summary>Whether it has ended.</summary>
    public bool HasExited => _process.HasExited;

    /// <summary>Its standard input, for callers that write bytes.</summary>
    public Stream Input => _process.StandardInput.BaseStream;

    /// <summary>Its standard output, for callers that read all of it themselves.</summary>
    public Stream Output => _process.StandardOutput.BaseStream;

    /// <summary>What it has written to standard error so far.</summary>
    public string Errors
    {
        get
        {
            lock (_errors)
            {
                return _errors.ToString();
            }
        }
    }

    /// <summary>Starts a program.</summary>
    /// <param name="program">Its path, or its name where PATH has it.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="environment">What its environment has besides that of the tests; null takes a variable out.</param>
    /// <param name="directory">Its directory; by default that of the tests.</param>
    public static ProgramProcess Start(
        string program,
        IEnumerable<string> arguments,
        IEnumerable<KeyValuePair<string, string?>> environment,
        string directory = ""
    )
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardInputEncoding = Utf8,
            StandardOutputEncoding = Utf8,
            StandardErrorEncoding = Utf8,
            WorkingDirectory = directory,
        };
        Set(start, environment);
        return new ProgramProcess(Process.Start(start)!);
    }

    /// <summary>Sets the environment of a program that is about to be started.</summary>
    internal static void Set(ProcessStartInfo start, IEnumerable<KeyValuePair<string, string?>> environment)
    {
        start.Environment["PLEXUM_TURNS_WAITING_NOTICE"] = "off";
        start.Environment["PLEXUM_CODEX_BACKEND"] = "exec";

        // It does not run long enough for a second compilation to pay.
        start.Environment["DOTNET_TC_CallCounting"] = "0";
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }
    }

    /// <summary>Sends it a signal.</summary>
    public void Signal(ProcessSignal signal) => Assert.True(ProcessProbe.Signal(Id, signal), $"There is no process {Id} any more.");

    /// <summary>Gives it the rest of its input, unless that is closed already.</summary>
    public async Task CloseInputAsync(string input = "")
    {
        try
        {
            await _process.StandardInput.WriteAsync(input).WithinLimit();
            _process.StandardInput.Close();
        }
        catch (ObjectDisposedException) when (input.Length == 0)
        {
            // There is nothing left to close.
        }
    }

    /// <summary>Nobody reads its standard output any more.</summary>
    public void CloseOutput() => _process.StandardOutput.Close();

    /// <summary>Waits for a line on standard output; what came before it is not in the output of the end.</summary>
    public async Task PrintsAsync(string text)
    {
        while (await _process.StandardOutput.ReadLineAsync().WithinLimit() is { } line)
        {
            if (line.Contains(text, StringComparison.Ordinal))
            {
                return;
            }
        }

        Assert.Fail($"It ended without \"{text}\" on standard output.\n{Errors}");
    }

    /// <summary>Gives it the rest of its input and waits for its end.</summary>
    /// <param name="input">The input.</param>
    /// <param name="readOutput">False where the caller reads the output, or nobody is to.</param>
    public async Task<ProgramEnd> EndsAsync(string input = "", bool readOutput = true)
    {
        using var limit = new CancellationTokenSource(Limits.Wait);
        await CloseInputAsync(input);
        var output = readOutput ? _process.StandardOutput.ReadToEndAsync(limit.Token) : Task.FromResult("");
        await _collecting.WithinLimit();
        await _process.WaitForExitAsync(limit.Token);
        return new ProgramEnd(_process.ExitCode, await output, Errors);
    }

    /// <summary>Kills it, and all that it has started, if it still runs.</summary>
    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            _process.WaitForExit(Limits.Wait);
        }

        _process.Dispose();
    }

    private async Task CollectAsync(StreamReader errors)
    {
        var buffer = new char[4096];
        while (await errors.ReadAsync(buffer) is > 0 and var count)
        {
            lock (_errors)
            {
                _errors.Append(buffer, 0, count);
            }
        }
    }
}
