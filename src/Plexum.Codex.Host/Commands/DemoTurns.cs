using Plexum.Codex.Host.Turns;
using Plexum.Codex.Turns;
using Spectre.Console;

namespace Plexum.Codex.Host.Commands;

/// <summary>Runs turns to their end and prints each in a few lines.</summary>
internal sealed class DemoTurns(CodexSystem system)
{
    public async Task<DemoTurn> RunAsync(string agent, string text)
    {
        var id = AgentId.Parse(agent);
        var workspace = new AgentDirectory(system.Environment.Profile, id).DefaultWorkspace;
        var turn = system.Submit(new TurnRequest(id, workspace, null, [TurnMessage.User(text)]));
        if (await turn.Refusal.ConfigureAwait(false) is { } refusal)
        {
            AnsiConsole.MarkupLine($"  [red]{Markup.Escape(refusal.Message)}[/]");
            return new DemoTurn(workspace, "", null);
        }

        var lines = new List<string> { $"  [bold]{agent}[/] ← {Markup.Escape(text)}" };
        var said = new List<string>();
        CanonicalEvent.MessageEnd? end = null;
        await foreach (var line in turn.ReadAsync().ConfigureAwait(false))
        {
            if (!CanonicalJsonReader.TryRead(line.Json, out _, out var value))
            {
                continue;
            }

            switch (value)
            {
                case CanonicalEvent.TextDelta delta:
                    said.Add(delta.Text);
                    lines.Add($"    → {Markup.Escape(delta.Text)}");
                    break;
                case CanonicalEvent.Activity { Phase: ActivityPhase.Completed }:
                    lines.Add("    [grey]· ran a command[/]");
                    break;
                case CanonicalEvent.Error error:
                    lines.Add($"    [red]{Markup.Escape(error.Message)}[/]");
                    break;
                case CanonicalEvent.MessageEnd last:
                    end = last;
                    lines.Add(FormattableString.Invariant(
                        $"    [grey]thread {last.ThreadId}, {last.Usage.InputTokens} tokens in, {last.Usage.OutputTokens} out, {last.Duration.TotalMilliseconds:0} ms[/]\n"));
                    break;
            }
        }

        AnsiConsole.MarkupLine(string.Join('\n', lines));
        return new DemoTurn(workspace, string.Join('\n', said), end);
    }
}

/// <summary>What came of a turn.</summary>
/// <param name="Workspace">Where codex worked.</param>
/// <param name="Text">What the agent said.</param>
/// <param name="End">The end; null when the turn was refused.</param>
internal sealed record DemoTurn(string Workspace, string Text, CanonicalEvent.MessageEnd? End)
{
    /// <summary>The text of a file in the workspace; null when there is none.</summary>
    public string? WorkspaceFile(string name)
    {
        var path = Path.Combine(Workspace, name);
        return File.Exists(path) ? File.ReadAllText(path).Trim() : null;
    }
}
