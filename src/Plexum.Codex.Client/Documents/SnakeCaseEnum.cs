using System.Text.Json;
using System.Text.Json.Serialization;

namespace Plexum.Codex.Client.Documents;

/// <summary>Converts enum values to snake case, for example <c>end_turn</c>.</summary>
internal sealed class SnakeCaseEnum<T>() : JsonStringEnumConverter<T>(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false)
    where T : struct, Enum;
