using System.Collections;
using System.Collections.Immutable;
using Plexum.Codex.Molecule.Platform;
using Plexum.Codex.Sandboxing;

namespace Plexum.Codex.Host.Configuration;

/// <summary>Reads what confined commands can reach and cannot read.</summary>
internal static class ConfinedReader
{
    private const string Section = "plexum.codex.confined";

    private static readonly string[] PathVariables =
    [
        Profile.RootVariable,
        MoleculeConnection.StateVariable,
        MoleculeConnection.TokenFileVariable,
    ];

    /// <summary>Reads it. Mistakes are added to the problems.</summary>
    public static ConfinedSettings Read(SettingsValues values, ProblemList problems, Profile profile)
    {
        string[] own = ["plexum.api.socket", "plexum.api.token-file", "plexum.molecule.workspaces", "plexum.molecule.token-file"];
        return new ConfinedSettings
        {
            Profile = profile.Root,
            Network = values.OneOf($"{Section}.network", ("off", false), ("on", true), ("false", false), ("true", true)),
            Own = [.. own.Select(values.TextOrNothing).Where(path => path.Length > 0).Select(path => Path.GetFullPath(path, profile.Root))],
            Secrets = Paths($"{Section}.secrets"),
            DenyRead = Paths($"{Section}.deny-read"),
        };

        ImmutableArray<string> Paths(string key)
        {
            var paths = values.Strings(key);
            foreach (var path in paths)
            {
                if (ConfinedSettings.WhyNot(path) is { } reason)
                {
                    problems.Add($"{key}: \"{path}\" {reason}.");
                }
            }

            return paths;
        }
    }

    /// <summary>
    /// What other daemons and programs of the same user keep their secrets in, whichever daemon this one is: the default profiles, codex's
    /// default home, the file for the platform's token that docs/molecule.md recommends, and what the variables for these name.
    /// </summary>
    public static ImmutableArray<string> OtherProfiles(IDictionary environment) =>
        [
            $"~/{Profile.DefaultName}",
            $"~/{Profile.MoleculeName}",
            "~/.codex",
            "~/.molecule-token",
            .. PathVariables
                .Select(name => (environment[name] as string)?.Trim())
                .Where(path => !string.IsNullOrEmpty(path))
                .Select(path => Path.GetFullPath(path!)),
        ];
}
