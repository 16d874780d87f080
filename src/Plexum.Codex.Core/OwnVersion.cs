using System.Reflection;

namespace Plexum.Codex;

/// <summary>The version of this program. All its parts are built together and have the same one.</summary>
public static class OwnVersion
{
    /// <summary>
    /// The version with the commit that it was built from, for example <c>0.1.0+4f5c…</c>; without one outside a repository.
    /// </summary>
    public static string Full { get; } =
        typeof(OwnVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "0";

    /// <summary>The version without the commit, for those who compare versions.</summary>
    public static string Number { get; } = Full.Split('+')[0];
}
