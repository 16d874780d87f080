namespace Plexum.Codex.TestSupport;

/// <summary>
/// A test that mounts a file system. It is skipped, with the reason, where that cannot be done; another one stands in for it there.
/// </summary>
public sealed class MountFactAttribute : FactAttribute
{
    /// <summary>Finds out whether it can be done.</summary>
    public MountFactAttribute() => Skip = MountNamespace.WhyNot;
}
