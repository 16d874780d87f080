using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Host.Access;

/// <summary>A named token as it is kept.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Hash">The hash of its secret, in hexadecimal.</param>
/// <param name="Scopes">The names of what it allows.</param>
/// <param name="CreatedAt">When it was created.</param>
/// <param name="ExpiresAt">From when on it is not valid any more; null for never.</param>
/// <param name="LastUsedAt">When it was last used, to the hour; null for never.</param>
internal sealed record AccessToken(
    string Name,
    string Hash,
    ImmutableArray<string> Scopes,
    DateTimeOffset CreatedAt,
    DateTimeOffset? ExpiresAt = null,
    DateTimeOffset? LastUsedAt = null
)
{
    /// <summary>Whether it may be the name of a token: as for an agent, but not that of the owner's own token.</summary>
    public static bool IsName(string? name) => AgentId.TryParse(name, out _) && name != OwnerToken.Name;

    /// <summary>Whether it has expired.</summary>
    public bool IsExpired(DateTimeOffset now) => ExpiresAt is { } at && at <= now;
}

/// <summary>The file of named tokens.</summary>
/// <param name="Tokens">The tokens, oldest first.</param>
internal sealed record AccessTokens(ImmutableArray<AccessToken> Tokens);

/// <summary>A named token as it is shown.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Scopes">The names of what it allows.</param>
/// <param name="CreatedAt">When it was created.</param>
/// <param name="ExpiresAt">From when on it is not valid any more; null for never.</param>
/// <param name="LastUsedAt">When it was last used, to the hour; null for never.</param>
/// <param name="Expired">Whether it has expired.</param>
internal sealed record ListedToken(
    string Name,
    ImmutableArray<string> Scopes,
    DateTimeOffset CreatedAt,
    DateTimeOffset? ExpiresAt,
    DateTimeOffset? LastUsedAt,
    bool Expired
)
{
    public static ListedToken Of(AccessToken token, DateTimeOffset now) =>
        new(token.Name, token.Scopes, token.CreatedAt, token.ExpiresAt, token.LastUsedAt, token.IsExpired(now));
}

/// <summary>All named tokens as they are shown.</summary>
/// <param name="Tokens">The tokens, oldest first.</param>
internal sealed record ListedTokens(ImmutableArray<ListedToken> Tokens);

/// <summary>The serializer of the documents about tokens.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull
)]
[JsonSerializable(typeof(AccessTokens))]
[JsonSerializable(typeof(ListedTokens))]
internal sealed partial class AccessJson : JsonSerializerContext;
