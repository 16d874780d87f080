using Plexum.Codex.CodexConfig;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Sandboxing;

/// <summary>
/// What codex's configuration says about what commands may do, where it says anything. An argument goes over it, whichever of the two keys
/// it sets; of the two keys in one file <c>sandbox_mode</c> counts (codex's page about permissions).
/// </summary>
/// <param name="File">The configuration file.</param>
/// <param name="Key"><c>sandbox_mode</c> or <c>default_permissions</c>.</param>
/// <param name="Value">The key's value.</param>
public sealed record UserPermissions(string File, string Key, string Value)
{
    private static readonly string[] Keys = ["sandbox_mode", "default_permissions"];

    /// <summary>Finds it; null if the configuration leaves it to codex.</summary>
    /// <param name="codexHome">Codex's home, which has the user's configuration.</param>
    /// <exception cref="CodexConfigException">A configuration file cannot be read.</exception>
    public static UserPermissions? Find(string codexHome)
    {
        foreach (var path in new[] { CodexConfigFile.OfTheUser(codexHome), CodexConfigFile.OfTheMachine })
        {
            var file = CodexConfigFile.Load(path);
            foreach (var key in Keys)
            {
                if (file.Text(key) is { } value)
                {
                    return new UserPermissions(path, key, value);
                }
            }
        }

        return null;
    }

    /// <summary>Whether a sandbox takes the place of this and means something else.</summary>
    public bool IsReplacedBy(CodexSandbox sandbox) => sandbox != CodexSandbox.Inherit && sandbox != Meaning;

    /// <inheritdoc/>
    public override string ToString() => $"{Key} = \"{Value}\" in {File}";

    private CodexSandbox? Meaning =>
        Value switch
        {
            "danger-full-access" or ":danger-full-access" => CodexSandbox.None,
            "workspace-write" or ":workspace" => CodexSandbox.WorkspaceWrite,
            "read-only" or ":read-only" => CodexSandbox.ReadOnly,
            _ => null,
        };
}
