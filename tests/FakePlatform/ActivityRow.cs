using System.Globalization;
using System.Text.Json.Nodes;

namespace Plexum.Codex.Molecule;

/// <summary>A row of a workspace's activity.</summary>
public sealed record ActivityRow
{
    /// <summary>Its id. It says nothing about order.</summary>
    public string Id { get; init; } = Guid.NewGuid().ToString();

    /// <summary>The workspace whose activity it is part of.</summary>
    public required string WorkspaceId { get; init; }

    /// <summary>Its type.</summary>
    public string Type { get; init; } = "a2a_receive";

    /// <summary>The workspace that it came from; null for the canvas user.</summary>
    public string? SourceId { get; init; }

    /// <summary>The workspace that it is for.</summary>
    public string? TargetId { get; init; }

    /// <summary>Its method.</summary>
    public string? Method { get; init; }

    /// <summary>A line about it.</summary>
    public string? Summary { get; init; }

    /// <summary>The request; a string where the platform passes it on as one.</summary>
    public JsonNode? RequestBody { get; init; }

    /// <summary>The response.</summary>
    public JsonNode? ResponseBody { get; init; }

    /// <summary>The sender's own id of the message.</summary>
    public string? MessageId { get; init; }

    /// <summary>Its number; later rows have larger ones.</summary>
    public long Seq { get; init; }

    /// <summary>When it was written.</summary>
    public DateTimeOffset CreatedAt { get; init; }

    internal JsonObject ToJson(FakeWorkspace? peer)
    {
        var json = new JsonObject
        {
            ["id"] = Id,
            ["workspace_id"] = WorkspaceId,
            ["activity_type"] = Type,
            ["source_id"] = SourceId,
            ["target_id"] = TargetId,
            ["method"] = Method,
            ["summary"] = Summary,
            ["request_body"] = RequestBody?.DeepClone(),
            ["response_body"] = ResponseBody?.DeepClone(),
            ["tool_trace"] = null,
            ["duration_ms"] = null,
            ["status"] = "ok",
            ["error_detail"] = null,
            ["created_at"] = CreatedAt.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture),
            ["seq"] = Seq,
        };
        if (peer is not null)
        {
            json["peer_name"] = peer.Name;
            json["peer_role"] = "peer";
        }

        return json;
    }
}
