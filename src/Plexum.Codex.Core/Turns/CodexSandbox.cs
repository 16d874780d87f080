namespace Plexum.Codex.Turns;

/// <summary>What the model's commands may do, as set by <c>codex.sandbox</c>. <c>docs/security.md</c> has a measured table.</summary>
public enum CodexSandbox
{
    /// <summary>Anything the user may do, without asking: <c>--dangerously-bypass-approvals-and-sandbox</c>.</summary>
    None,

    /// <summary>Read everything, write in the workspace and the temporary directories only.</summary>
    WorkspaceWrite,

    /// <summary>Read everything, write nothing.</summary>
    ReadOnly,

    /// <summary>What the user's own configuration of codex says.</summary>
    Inherit,

    /// <summary>Write in the workspace and the temporary directories only, and read no secrets and no other agent's files.</summary>
    Confined,
}

/// <summary>The names of <see cref="CodexSandbox"/> in settings and JSON, and how strict each is.</summary>
public static class CodexSandboxes
{
    /// <summary>Every value with its name.</summary>
    public static IReadOnlyList<(string Name, CodexSandbox Value)> All { get; } =
    [
        ("none", CodexSandbox.None),
        ("workspace-write", CodexSandbox.WorkspaceWrite),
        ("read-only", CodexSandbox.ReadOnly),
        ("inherit", CodexSandbox.Inherit),
        ("confined", CodexSandbox.Confined),
    ];

    /// <summary>The name.</summary>
    public static string ToWireName(this CodexSandbox sandbox) => All.First(pair => pair.Value == sandbox).Name;

    /// <summary>The value with that name; false for any other text.</summary>
    public static bool TryParse(string? name, out CodexSandbox sandbox)
    {
        foreach (var (known, value) in All)
        {
            if (string.Equals(known, name, StringComparison.Ordinal))
            {
                sandbox = value;
                return true;
            }
        }

        sandbox = default;
        return false;
    }

    /// <summary>
    /// Whether this one allows nothing that the other forbids. Nothing is known about <see cref="CodexSandbox.Inherit"/>;
    /// <see cref="CodexSandbox.ReadOnly"/> reads what <see cref="CodexSandbox.Confined"/> does not, which in turn writes.
    /// </summary>
    /// <param name="sandbox">This one.</param>
    /// <param name="other">The other.</param>
    /// <param name="confinedHasNetwork">Whether confined commands reach the network, which those of the other sandboxes do not.</param>
    public static bool IsAtLeastAsStrictAs(this CodexSandbox sandbox, CodexSandbox other, bool confinedHasNetwork) =>
        sandbox == other
        || other switch
        {
            CodexSandbox.None => true,
            CodexSandbox.WorkspaceWrite => sandbox == CodexSandbox.ReadOnly || (sandbox == CodexSandbox.Confined && !confinedHasNetwork),
            _ => false,
        };
}
