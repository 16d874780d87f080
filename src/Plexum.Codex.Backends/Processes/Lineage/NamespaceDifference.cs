namespace Plexum.Codex.Processes.Lineage;

/// <summary>In which namespaces another process is.</summary>
public enum NamespaceDifference
{
    /// <summary>In those of this process.</summary>
    None,

    /// <summary>In another pid namespace, where processes have other numbers.</summary>
    Pid,

    /// <summary>In another mount namespace, where paths may lead elsewhere.</summary>
    Mount,
}
