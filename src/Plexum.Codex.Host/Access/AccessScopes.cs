using System.Collections.Immutable;

namespace Plexum.Codex.Host.Access;

/// <summary>What a request needs, and what a token allows.</summary>
[Flags]
internal enum AccessScopes
{
    /// <summary>Nothing but a valid token: the health checks and the description of the interface.</summary>
    None = 0,

    /// <summary>To look at turns, their events, agents, usage and the daemon's status.</summary>
    Read = 1,

    /// <summary>To submit turns, to say something to running ones, to answer the calls of their tools, and to consume tool calls.</summary>
    Submit = 2,

    /// <summary>To end turns early.</summary>
    Cancel = 4,

    /// <summary>Everything.</summary>
    Admin = 8,

    /// <summary>
    /// To answer codex's questions, and so to allow what the sandbox alone would not. An answer that ends its turn needs
    /// <see cref="Cancel"/> too.
    /// </summary>
    Approve = 16,
}

/// <summary>The names of scopes.</summary>
internal static class AccessScopeNames
{
    private static readonly ImmutableArray<(string Name, AccessScopes Scope)> Known =
    [
        ("read", AccessScopes.Read),
        ("submit", AccessScopes.Submit),
        ("cancel", AccessScopes.Cancel),
        ("approve", AccessScopes.Approve),
        ("admin", AccessScopes.Admin),
    ];

    /// <summary>All names, as part of a sentence.</summary>
    public static string All { get; } = string.Join(", ", Known.Select(known => known.Name));

    /// <summary>The names of some scopes.</summary>
    public static ImmutableArray<string> NamesOf(AccessScopes scopes) =>
        [.. Known.Where(known => scopes.HasFlag(known.Scope)).Select(known => known.Name)];

    /// <summary>The scopes with these names. Names that are unknown allow nothing: a newer version may have written them.</summary>
    public static AccessScopes Of(IEnumerable<string> names) =>
        Known
            .Where(known => names.Contains(known.Name, StringComparer.Ordinal))
            .Aggregate(AccessScopes.None, (all, one) => all | one.Scope);

    /// <summary>Reads names that are separated by commas.</summary>
    /// <returns>Null if one of them is unknown, or there are none.</returns>
    public static AccessScopes? TryParse(string text)
    {
        var names = text.Split(',', StringSplitOptions.TrimEntries);
        return names.All(name => Known.Any(known => known.Name == name)) ? Of(names) : null;
    }
}
