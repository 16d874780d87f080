using System.Text.Json;
using System.Text.Json.Serialization;

namespace Plexum.Codex.Host.Api.Documents;

/// <summary>Names of enumerations as they stand in JSON everywhere: <c>end_turn</c>.</summary>
internal sealed class SnakeCaseEnum<T>() : JsonStringEnumConverter<T>(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false)
    where T : struct, Enum;
