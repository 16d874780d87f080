using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace Plexum.Codex.Host.Audit;

/// <summary>A line of the audit log: who did what, and what came of it. Never what was said.</summary>
/// <param name="Action">What was done.</param>
/// <param name="Via">How: <c>unix</c>, <c>tcp</c>, <c>molecule</c>, <c>command</c> or <c>daemon</c>.</param>
/// <param name="Outcome">What came of it: <c>done</c>, another word for success, or the code of the problem.</param>
internal sealed record AuditEntry(string Action, string Via, string Outcome)
{
    /// <summary>When.</summary>
    [JsonPropertyOrder(-1)]
    public DateTimeOffset Time { get; init; }

    /// <summary>The name of the token that was used, or that was created or revoked.</summary>
    public string? Token { get; init; }

    /// <summary>What a token allows that was created.</summary>
    public ImmutableArray<string>? Scopes { get; init; }

    /// <summary>From when on it is not valid any more; null for never.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>The user of the process at the other end of the unix socket, or of the command.</summary>
    public uint? Uid { get; init; }

    /// <summary>That process.</summary>
    public int? Pid { get; init; }

    /// <summary>The peer of the molecule platform; empty for the canvas user.</summary>
    public string? Peer { get; init; }

    /// <summary>The agent.</summary>
    public string? Agent { get; init; }

    /// <summary>The turn.</summary>
    public string? Turn { get; init; }

    /// <summary>The tool call.</summary>
    public string? Call { get; init; }

    /// <summary>How many entries like this one were left out before it.</summary>
    public int? LeftOut { get; init; }
}

/// <summary>The serializer of the audit log.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull
)]
[JsonSerializable(typeof(AuditEntry))]
internal sealed partial class AuditJson : JsonSerializerContext;
