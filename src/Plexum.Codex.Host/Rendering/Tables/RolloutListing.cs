using System.Globalization;
using System.Text.Json;
using Plexum.Codex.Rollouts.Reading;
using Plexum.Codex.Turns;
using Spectre.Console;

namespace Plexum.Codex.Host.Rendering.Tables;

/// <summary>Lists a thread's tool calls, for people and for programs.</summary>
internal static class RolloutListing
{
    /// <summary>Writes a table with the totals below it.</summary>
    public static void WriteTable(IAnsiConsole console, AgentId agent, RolloutOverview overview, bool wide)
    {
        console.Line(
            string.Create(CultureInfo.InvariantCulture, $"{agent}, thread {overview.Thread}: {overview.Path}, {overview.Length:N0} bytes")
        );
        if (overview.ForkedFrom is { } origin)
        {
            console.Line(Describe(origin));
        }

        if (overview.Calls.IsEmpty)
        {
            console.Line("The thread has no tool calls.");
            return;
        }

        var table = new PlainTable("#CALL", "~TOOL", "?>ARGUMENTS", "?>OUTPUT", ">LIGHT SAVES", ">HEAVY SAVES");
        foreach (var call in overview.Calls)
        {
            table.Add(
                call.Id,
                NameOf(call),
                Number(call.ArgumentBytes),
                call.OutputBytes is { } output ? Number(output) : "-",
                Number(call.SavedByLight),
                Number(call.SavedByHeavy)
            );
        }

        table.Write(console, wide);
        console.Line(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{overview.Calls.Length} calls. Consuming all of them saves the model "
                    + $"{overview.Calls.Sum(call => (long)call.SavedByLight):N0} bytes with consume-light, "
                    + $"{overview.Calls.Sum(call => (long)call.SavedByHeavy):N0} with consume-heavy."
            )
        );
        if (overview.LeftOut > 0)
        {
            console.Line(string.Create(CultureInfo.InvariantCulture, $"{overview.LeftOut} more calls are not shown."));
        }
    }

    /// <summary>Writes one JSON object on one line.</summary>
    public static void WriteJson(Stream output, AgentId agent, RolloutOverview overview)
    {
        using (var json = new Utf8JsonWriter(output))
        {
            json.WriteStartObject();
            json.WriteString("agent_id", agent.Value);
            json.WriteString("thread_id", overview.Thread.ToString());
            json.WriteString("path", overview.Path);
            json.WriteNumber("bytes", overview.Length);
            if (overview.ForkedFrom is { } origin)
            {
                json.WriteStartObject("forked_from");
                json.WriteString("thread_id", origin.Thread.ToString());
                json.WriteString("path", origin.Path);
                json.WriteBoolean("has_the_calls", origin.HasTheCalls);
                json.WriteEndObject();
            }
            else
            {
                json.WriteNull("forked_from");
            }

            json.WriteStartArray("calls");
            foreach (var call in overview.Calls)
            {
                Write(json, call);
            }

            json.WriteEndArray();
            json.WriteNumber("left_out", overview.LeftOut);
            json.WriteEndObject();
        }

        output.Write("\n"u8);
    }

    private static void Write(Utf8JsonWriter json, CallSize call)
    {
        json.WriteStartObject();
        json.WriteString("id", call.Id);
        json.WriteString("name", call.Name);
        json.WriteString("namespace", call.Namespace);
        json.WriteNumber("argument_bytes", call.ArgumentBytes);
        if (call.OutputBytes is { } bytes)
        {
            json.WriteNumber("output_bytes", bytes);
        }
        else
        {
            json.WriteNull("output_bytes");
        }

        json.WriteNumber("light_saves", call.SavedByLight);
        json.WriteNumber("heavy_saves", call.SavedByHeavy);
        json.WriteEndObject();
    }

    private static string Describe(ForkedFrom origin) =>
        !origin.HasTheCalls ? $"Forked from the thread {origin.Thread}; the calls before the fork are listed too."
        : origin.Path is { } path ? $"Forked from the thread {origin.Thread}: the calls before the fork stand in {path} and are not listed."
        : $"Forked from the thread {origin.Thread}, whose rollout is gone; codex cannot continue this thread without it.";

    private static string NameOf(CallSize call) => call.Namespace is null ? call.Name : $"{call.Namespace}/{call.Name}";

    private static string Number(int value) => value.ToString("N0", CultureInfo.InvariantCulture);
}
