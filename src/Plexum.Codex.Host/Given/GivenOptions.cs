using System.Text.Json;
using Plexum.Codex.Requests;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Host.Given;

/// <summary>What a user or a model says of how codex works in a turn: checked as the same fields of a request over HTTP are.</summary>
internal static class GivenOptions
{
    /// <summary>The field of the answer's schema.</summary>
    public const string Schema = "output_schema";

    private static readonly AgentId Anybody = AgentId.Parse("a");

    /// <summary>Puts it into a turn's request.</summary>
    /// <param name="request">The request.</param>
    /// <param name="texts">Fields of a request with their values; null for none.</param>
    /// <param name="schema">The value of <see cref="Schema"/>; null for none.</param>
    /// <param name="nameOf">The name of a field where it was given, as the beginning of a sentence.</param>
    /// <exception cref="CodexException">A value is invalid; the message names it.</exception>
    public static TurnRequest Apply(
        TurnRequest request,
        IEnumerable<(string Field, string? Value)> texts,
        JsonElement? schema,
        Func<string, string> nameOf
    )
    {
        using var document = new MemoryStream();
        using (var json = new Utf8JsonWriter(document))
        {
            json.WriteStartObject();
            json.WriteStartArray("messages"u8);
            json.WriteEndArray();
            foreach (var (field, value) in texts.Where(text => text.Value is not null))
            {
                json.WriteString(field, value);
            }

            if (schema is { } given)
            {
                json.WritePropertyName(Schema);
                given.WriteTo(json);
            }

            json.WriteEndObject();
        }

        var reading = TurnRequestJson.Read(Anybody, document.ToArray());
        return reading.Request is { } read
            ? request with
            {
                Options = read.Options,
                Sandbox = read.Sandbox,
            }
            : throw new CodexException(Explain(reading.Problems[0], nameOf));
    }

    // "effort: must be …", or "output_schema.properties.a: is …".
    private static string Explain(string problem, Func<string, string> nameOf)
    {
        var end = problem.AsSpan().IndexOfAny(':', '.');
        var colon = problem.IndexOf(": ", StringComparison.Ordinal);
        return end < 0 || colon < 0 ? problem : $"{nameOf(problem[..end])}{problem[end..colon]}{problem[(colon + 1)..]}";
    }
}
