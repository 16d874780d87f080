using System.CommandLine;
using System.Text;
using System.Text.Json;
using Plexum.Codex.Host.Given;
using Plexum.Codex.Json;
using Plexum.Codex.Requests;

namespace Plexum.Codex.Host.Commands.Turns;

/// <summary>How codex works in a turn, as given to the commands that submit one.</summary>
internal static class WorkOptions
{
    private const int MaxSchemaBytes = 1024 * 1024;

    // What is around the schema in a request takes a level.
    private static readonly JsonDocumentOptions SchemaOptions = new()
    {
        MaxDepth = TurnRequestJson.MaxDepth - 1,
        AllowDuplicateProperties = false,
    };

    public static Option<string?> Backend { get; } =
        new("--backend")
        {
            Description = "What runs the turn: exec (a process of its own), app-server (a warm codex) or auto; by default codex.backend.",
            HelpName = "B",
        };

    public static Option<string?> Approvals { get; } =
        new("--approvals")
        {
            Description =
                "When codex asks before it acts: never, on-request or untrusted; by default approvals.policy, which it cannot relax. "
                + "Needs the backend app-server.",
            HelpName = "WHEN",
        };

    public static Option<string?> Sandbox { get; } =
        new("--sandbox")
        {
            Description =
                "What the model's commands may do in this turn: none, workspace-write, read-only, inherit or confined; by default "
                + "codex.sandbox, which it cannot relax.",
            HelpName = "S",
        };

    public static Option<string?> Effort { get; } =
        new("--effort")
        {
            Description = "The model's reasoning effort in codex's words, such as low, medium or high; by default codex's configuration.",
            HelpName = "E",
        };

    public static Option<string?> DeveloperInstructions { get; } =
        new("--developer-instructions")
        {
            Description = "Instructions beside codex's own, for the thread that the turn begins; a thread that it continues keeps its own.",
            HelpName = "TEXT",
        };

    public static Option<string?> OutputSchema { get; } =
        new("--output-schema") { Description = "A file with the JSON schema that the answer of this turn follows.", HelpName = "FILE" };

    /// <summary>Puts what the arguments say into the turn's request.</summary>
    /// <exception cref="CodexException">A value is invalid; the message names the option.</exception>
    public static async Task<TurnRequest> ApplyAsync(TurnRequest request, ParseResult arguments, CancellationToken cancellationToken)
    {
        JsonElement? schema = arguments.GetValue(OutputSchema) is { } file
            ? await ReadSchemaAsync(file, cancellationToken).ConfigureAwait(false)
            : null;
        return GivenOptions.Apply(
            request,
            [
                ("backend", arguments.GetValue(Backend)),
                ("approvals", arguments.GetValue(Approvals)),
                ("sandbox", arguments.GetValue(Sandbox)),
                ("effort", arguments.GetValue(Effort)),
                ("developer_instructions", arguments.GetValue(DeveloperInstructions)),
            ],
            schema,
            field => $"--{field.Replace('_', '-')}"
        );
    }

    /// <summary>Reads a file with a JSON schema.</summary>
    /// <exception cref="CodexException">It cannot be read, or is no JSON object; the message says why and what to do.</exception>
    internal static async Task<JsonElement> ReadSchemaAsync(string path, CancellationToken cancellationToken)
    {
        var bytes = await ReadAsync(path, cancellationToken).ConfigureAwait(false);
        if (bytes.Span.StartsWith(Encoding.UTF8.Preamble))
        {
            bytes = bytes[Encoding.UTF8.Preamble.Length..];
        }

        try
        {
            using var document = JsonDocument.Parse(bytes, SchemaOptions);
            return document.RootElement.ValueKind == JsonValueKind.Object
                ? document.RootElement.Clone()
                : throw new CodexException($"The file {path} of --output-schema must have a JSON schema, an object.");
        }
        catch (JsonException e)
        {
            throw new CodexException(
                $"The file {path} of --output-schema is not valid JSON {JsonMistake.Describe(bytes.Span, e).TrimEnd('.')}. Correct it.",
                e
            );
        }
    }

    private static async Task<ReadOnlyMemory<byte>> ReadAsync(string path, CancellationToken cancellationToken)
    {
        if (path.Length == 0)
        {
            throw new CodexException("--output-schema is empty; name a file with a JSON schema, or leave the option out.");
        }

        try
        {
            await using var file = File.OpenRead(path);
            var bytes = new byte[MaxSchemaBytes + 1];
            var length = await file.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, cancellationToken)
                .ConfigureAwait(false);
            return length <= MaxSchemaBytes
                ? bytes.AsMemory(0, length)
                : throw new CodexException($"The file {path} of --output-schema is larger than 1 MiB; give a smaller schema.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw new CodexException($"The file {path} of --output-schema cannot be read: {e.Message}", e);
        }
    }
}
