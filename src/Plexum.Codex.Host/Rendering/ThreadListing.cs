using System.Text;
using System.Text.Json;
using Spectre.Console;

namespace Plexum.Codex.Host.Rendering;

/// <summary>Shows an agent's thread, to people and to programs.</summary>
internal static class ThreadListing
{
    /// <summary>Writes a line for each thing that is known.</summary>
    public static void Write(IAnsiConsole console, ThreadView view)
    {
        Line("agent", view.Agent.Value);
        Line("thread", view.Thread?.ToString() ?? "none on record");
        if (view.Thread is null)
        {
            return;
        }

        Line("state", view.Writer is { } writer ? $"{view.State} by {writer}" : view.State);
        Line("rollout", view.Found?.Path);
        Line("problem", view.Trouble);
        Line("remedy", view.Remedy);
        Line("command", view.Command);
        Line("last turn", view.Problem is { } problem ? $"{problem.Code} at {TurnTexts.At(problem.At)}: {problem.Message}" : null);

        void Line(string name, string? value)
        {
            if (value is not null)
            {
                console.Line($"{name, -10}{value}");
            }
        }
    }

    /// <summary>The same as a JSON object on one line. What is unknown is omitted.</summary>
    public static string ToJson(ThreadView view)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("agent_id", view.Agent.Value);
            Text("thread_id", view.Thread?.ToString());
            json.WriteString("state", view.State);
            Text("writer", view.Writer?.ToString());
            Text("rollout", view.Found?.Path);
            Text("problem", view.Trouble);
            Text("remedy", view.Remedy);
            Text("command", view.Command);
            if (view.Problem is { } problem)
            {
                json.WriteStartObject("thread_problem");
                json.WriteString("code", problem.Code);
                json.WriteString("message", problem.Message);
                json.WriteString("at", problem.At);
                json.WriteEndObject();
            }

            json.WriteEndObject();

            void Text(string name, string? value)
            {
                if (value is not null)
                {
                    json.WriteString(name, value);
                }
            }
        }

        return Encoding.UTF8.GetString(buffer.ToArray());
    }
}
