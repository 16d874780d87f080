using System.Collections.Immutable;
using Akka.Configuration;
using Plexum.Codex.Agents;

namespace Plexum.Codex.Host.Configuration;

/// <summary>All settings of the program.</summary>
/// <param name="Profile">The profile.</param>
/// <param name="Binary">codex's name or path.</param>
/// <param name="SupportedModels">The models that a host is told of.</param>
/// <param name="Codex">How turns are run.</param>
/// <param name="Log">How the program logs.</param>
/// <param name="Akka">The actor system's part.</param>
/// <param name="Warnings">What is odd and no error.</param>
public sealed record HostSettings(
    Profile Profile,
    string Binary,
    ImmutableArray<string> SupportedModels,
    CodexSettings Codex,
    LogSettings Log,
    Config Akka,
    ImmutableArray<string> Warnings)
{
    /// <summary>Reads every source.</summary>
    /// <param name="profile">The profile.</param>
    /// <param name="assignments">The values of <c>--set</c>.</param>
    /// <exception cref="ConfigurationProblemsException">Something is wrong; all of it is told at once.</exception>
    public static HostSettings Load(Profile profile, IReadOnlyList<string> assignments)
    {
        ArgumentNullException.ThrowIfNull(profile);
        ArgumentNullException.ThrowIfNull(assignments);
        var builtIn = SettingsSources.BuiltIn();
        var layers = ImmutableArray.CreateBuilder<SettingsLayer>();
        layers.Add(builtIn);
        if (SettingsSources.File(profile.SettingsFile) is { } file)
        {
            layers.Add(file);
        }

        var belowPlugin = layers.Count;
        layers.AddRange(SettingsSources.Variables(builtIn, Environment.GetEnvironmentVariables()));
        layers.AddRange(assignments.Select(assignment => SettingsSources.Assigned(builtIn, assignment)));
        var reader = new SettingsReader(layers.ToImmutable());
        return reader.Read(profile, PluginConfig.Load(profile.PluginConfigFile), belowPlugin);
    }
}
