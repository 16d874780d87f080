using System.Globalization;
using Plexum.Codex.Events;
using Plexum.Codex.Gateway;
using Plexum.Codex.Host.InProcess;
using Plexum.Codex.Host.Rendering;
using Plexum.Codex.Profiles;
using Plexum.Codex.Requests;
using Plexum.Codex.Turns;
using Spectre.Console;

namespace Plexum.Codex.Host.Commands.Setup;

/// <summary>Runs turns to their end and prints each in a few lines.</summary>
internal sealed class DemoTurns(CodexSystem system, IAnsiConsole console)
{
    private readonly Lock _printing = new();

    public async Task<DemoTurn> RunAsync(string agent, string text)
    {
        var id = AgentId.Parse(agent);
        var workspace = new AgentDirectory(system.Services.Profile, id).DefaultWorkspace;
        var answer = await system.SubmitAsync(new TurnRequest(id, workspace, null, [TurnMessage.User(text)])).ConfigureAwait(false);
        var lines = new List<(string Text, Style Style)> { ($"  {agent} ← {text}", Style.Plain) };
        var (messages, said) = (new WholeMessages(), new List<string>());
        CanonicalEvent.MessageEnd? end = null;
        if (answer is not Submission.Accepted { TurnId: var turn })
        {
            lines.Add(($"    {answer.Problem}\n", new Style(Color.Red)));
        }
        else
        {
            await foreach (var line in system.Gateway.ReadAsync(turn).ConfigureAwait(false))
            {
                if (CanonicalJsonReader.TryRead(line.Json, out _, out var value))
                {
                    List<string> over = [.. messages.Take(value)];
                    lines.AddRange(over.Select(message => ($"    → {message}", Style.Plain)));
                    lines.AddRange(Describe(value));
                    said.AddRange(over);
                    end = value as CanonicalEvent.MessageEnd ?? end;
                }
            }
        }

        Print(lines);
        return new DemoTurn(workspace, string.Join('\n', said), end);
    }

    private static (string, Style)[] Describe(CanonicalEvent value) =>
        value switch
        {
            CanonicalEvent.Activity { Phase: ActivityPhase.Completed } => [("    · ran a command", new Style(Color.Grey))],
            CanonicalEvent.Error error => [($"    {error.Message}", new Style(Color.Red))],
            CanonicalEvent.MessageEnd end =>
            [
                (
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"    thread {end.ThreadId}, {end.Usage.InputTokens} tokens in, {end.Usage.OutputTokens} out, "
                            + $"{end.Duration.TotalMilliseconds:0} ms\n"
                    ),
                    new Style(Color.Grey)
                ),
            ],
            _ => [],
        };

    // Turns that ran side by side are printed one after the other.
    private void Print(List<(string Text, Style Style)> lines)
    {
        lock (_printing)
        {
            foreach (var (text, style) in lines)
            {
                console.Line(text, style);
            }
        }
    }
}

/// <summary>The result of a turn.</summary>
/// <param name="Workspace">Where codex worked.</param>
/// <param name="Text">What the agent said.</param>
/// <param name="End">The final event; null if the turn was refused.</param>
internal sealed record DemoTurn(string Workspace, string Text, CanonicalEvent.MessageEnd? End)
{
    /// <summary>The text of a file in the workspace; null if it does not exist.</summary>
    public string? WorkspaceFile(string name)
    {
        var path = Path.Combine(Workspace, name);
        return File.Exists(path) ? File.ReadAllText(path).Trim() : null;
    }
}
