using Plexum.Codex.Agents.Checks;
using Plexum.Codex.Json;
using Plexum.Codex.Posix;
using Plexum.Codex.Processes;
using Plexum.Codex.Profiles;
using Plexum.Codex.Requests;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Exec.Running;

/// <summary>A turn whose codex is a shell script.</summary>
internal sealed class ProcessRig : IDisposable
{
    private static readonly CodexBinary Shell = new("/bin/sh", new Version(1, 0, 0), "sh");

    private readonly TemporaryDirectory _profile = new();

    public ProcessRig(string prompt = "the prompt")
    {
        Workspace = _profile.File("workspace");
        System.IO.Directory.CreateDirectory(Workspace);
        Directory = TurnDirectory.Create(new AgentDirectory(_profile.Root, AgentId.Parse("alice")), Turn);
        Directory.WritePrompt(new Prompt(prompt, []));
    }

    public TurnId Turn { get; } = TurnId.New(TimeProvider.System);

    public TurnDirectory Directory { get; }

    public string Workspace { get; }

    public CodexProcess Start(string script, params string[] arguments) => Start(Shell, ["-c", script, "sh", .. arguments]);

    public CodexProcess Start(CodexBinary binary, params string[] arguments) =>
        CodexLauncher.Start(binary, [.. arguments], new ProcessEnvironment().Build(binary, Turn), Workspace, Directory);

    public async Task<ProcessExit> RunAsync(string script, params string[] arguments) =>
        await Start(script, arguments).Exited.WithinLimit();

    public string Stdout => File.ReadAllText(Directory.StdoutFile);

    public string Stderr => File.ReadAllText(Directory.StderrFile);

    /// <summary>Waits until a script has written a line of this text.</summary>
    public async Task<string> LineAsync(string start)
    {
        using var limit = new CancellationTokenSource(Limits.Wait);
        using var tail = new FileTail(Directory.StdoutFile, TimeProvider.System);
        using var framer = new JsonlFramer();
        while (await tail.ReadAsync(framer.GetMemory(), limit.Token) is > 0 and var count)
        {
            framer.Advance(count);
            if (Find(framer, start) is { } line)
            {
                return line;
            }
        }

        throw new InvalidOperationException("The script ended before its line.");
    }

    public void Dispose()
    {
        ProcessProbe.KillTurn(Turn);
        _profile.Dispose();
    }

    private static string? Find(JsonlFramer framer, string start)
    {
        while (framer.TryRead(out var line))
        {
            var text = System.Text.Encoding.UTF8.GetString(line.Bytes);
            if (text.StartsWith(start, StringComparison.Ordinal))
            {
                return text[start.Length..].Trim();
            }
        }

        return null;
    }
}
