namespace Plexum.Codex.Options;

/// <summary>
/// When codex asks before it runs a command or changes a file, as set by <c>approvals.policy</c>, by an agent and by a request.
/// </summary>
public enum ApprovalPolicy
{
    /// <summary>Never: the sandbox alone decides.</summary>
    Never,

    /// <summary>When the model wants what the sandbox does not allow.</summary>
    OnRequest,

    /// <summary>Before everything that is not known to be harmless.</summary>
    Untrusted,
}

/// <summary>The names of <see cref="ApprovalPolicy"/> in settings and JSON, which are codex's own.</summary>
public static class ApprovalPolicies
{
    /// <summary>Every value with its name.</summary>
    public static IReadOnlyList<(string Name, ApprovalPolicy Value)> All { get; } =
    [("never", ApprovalPolicy.Never), ("on-request", ApprovalPolicy.OnRequest), ("untrusted", ApprovalPolicy.Untrusted)];

    /// <summary>The name.</summary>
    public static string ToWireName(this ApprovalPolicy policy) => All.First(pair => pair.Value == policy).Name;

    /// <summary>The value with that name; false for any other text.</summary>
    public static bool TryParse(string? name, out ApprovalPolicy policy)
    {
        var index = All.ToList().FindIndex(pair => pair.Name == name);
        policy = index < 0 ? default : All[index].Value;
        return index >= 0;
    }
}
