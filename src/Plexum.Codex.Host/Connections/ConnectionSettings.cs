namespace Plexum.Codex.Host.Connections;

/// <summary>How many connections the daemon holds. What the limit on open files does not allow is lowered; see ConnectionCaps.</summary>
public sealed record ConnectionSettings
{
    /// <summary>The maximum number of connections over TCP.</summary>
    public int Max { get; init; } = 1024;

    /// <summary>
    /// The maximum number of these that have not shown a valid token. Beyond it one is closed, since a stranger can open any number.
    /// </summary>
    public int MaxUnauthenticated { get; init; } = 512;

    /// <summary>How long a connection over TCP may exist without a request that had a valid token.</summary>
    public TimeSpan AuthenticationLimit { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The maximum number of connections over the unix socket.</summary>
    public int MaxLocal { get; init; } = 4096;
}
