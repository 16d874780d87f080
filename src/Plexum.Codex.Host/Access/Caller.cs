namespace Plexum.Codex.Host.Access;

/// <summary>Who makes a request, and what they may do.</summary>
internal sealed class Caller
{
    private readonly Func<bool> _isValid;

    private Caller(string? token, AccessScopes scopes, Func<bool> isValid) => (Token, Scopes, _isValid) = (token, scopes, isValid);

    /// <summary>The owner, over the unix socket.</summary>
    public static Caller Owner { get; } = new(null, AccessScopes.Admin, () => true);

    /// <summary>Somebody over TCP without a token, who asks whether the daemon is well.</summary>
    public static Caller Prober { get; } = new(null, AccessScopes.None, () => true);

    /// <summary>The name of the token; null over the unix socket, and for <see cref="Prober"/>.</summary>
    public string? Token { get; }

    /// <summary>What the token allows.</summary>
    public AccessScopes Scopes { get; }

    /// <summary>
    /// Whether the token is still valid. What was begun with it and goes on, such as a stream of events, asks before it gives out more.
    /// </summary>
    public bool IsStillValid => _isValid();

    /// <summary>The holder of the owner's own token.</summary>
    /// <param name="isValid">Whether it is still that token. Called from any thread.</param>
    public static Caller OfOwnersToken(Func<bool> isValid) => new(OwnerToken.Name, AccessScopes.Admin, isValid);

    /// <summary>The holder of a named token.</summary>
    /// <param name="token">The token.</param>
    /// <param name="isValid">Whether it is still valid. Called from any thread.</param>
    public static Caller Of(AccessToken token, Func<bool> isValid) => new(token.Name, AccessScopeNames.Of(token.Scopes), isValid);

    /// <summary>Whether they may do what needs a scope.</summary>
    public bool May(AccessScopes scope) => scope == AccessScopes.None || (Scopes & (scope | AccessScopes.Admin)) != AccessScopes.None;
}
