using System.Collections.Immutable;
using Plexum.Codex.CodexConfig;

namespace Plexum.Codex.Sandboxing;

/// <summary>
/// This program's own permission profile for codex, given as arguments, which also hold in a resumed thread and go over
/// <c>sandbox_mode</c> and <c>default_permissions</c> in every configuration file, also a trusted project's (measured on 0.150.0, 0.169.0
/// and 0.171.0).
/// </summary>
/// <param name="Denied">The paths that commands may not read; without any, codex's rules could run a command outside the sandbox.</param>
/// <param name="Network">Whether commands reach the network.</param>
internal sealed record ConfinedProfile(ImmutableArray<string> Denied, bool Network)
{
    // The tool resume_agent continues any thread of codex's home, also another agent's (measured on 0.169.0).
    private const string NoSubAgents = "features.multi_agent=false";

    /// <summary>
    /// The profile's name. Codex merges a profile with one of the same name in its configuration files, so nobody may know the name
    /// beforehand.
    /// </summary>
    public string Name { get; } = $"plexum-{Guid.NewGuid():N}";

    /// <summary>The values of <c>-c</c>.</summary>
    public ImmutableArray<string> Overrides =>
        [
            $"permissions.{Name}={{extends=\":workspace\",filesystem={Filesystem},network={{enabled={(Network ? "true" : "false")}}}}}",
            $"default_permissions={TomlText.Quote(Name)}",
            SandboxPreparation.NoApprovals,
            NoSubAgents,
        ];

    private string Filesystem => TomlText.Table(Denied.Select(path => KeyValuePair.Create(path, "deny")));
}
