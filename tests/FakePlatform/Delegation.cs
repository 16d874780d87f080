using System.Text.Json.Nodes;

namespace Plexum.Codex.Molecule;

/// <summary>A task that one workspace gave another.</summary>
internal sealed class Delegation(string source, string target, string task, string? key, DateTimeOffset created)
{
    public string Id { get; } = Guid.NewGuid().ToString();

    public string Source { get; } = source;

    public string Target { get; } = target;

    public string Task { get; } = task;

    public string? Key { get; } = key;

    public string Status { get; set; } = "delegated";

    public string Response { get; set; } = "";

    public JsonObject ToJson(string seenFrom) =>
        new()
        {
            ["delegation_id"] = Id,
            ["source_id"] = Source,
            ["target_id"] = Target,
            ["direction"] = seenFrom == Source ? "outbound" : "inbound",
            ["summary"] = Task.Length > 80 ? Task[..80] : Task,
            ["status"] = Status,
            ["response_preview"] = Response.Length > 300 ? Response[..300] : Response,
            ["created_at"] = created.ToString("O"),
        };
}
