using System.Collections;
using Plexum.Codex.Host.Configuration;

namespace Plexum.Codex.Host;

/// <summary>A profile of one test, removed with all that is in it.</summary>
internal sealed class ProfileOfTest : IDisposable
{
    public ProfileOfTest() => Profile = new Profile(Directory.CreateTempSubdirectory("plexum-codex-profile-").FullName);

    public Profile Profile { get; }

    public Hashtable Variables { get; } = [];

    public void WriteSettings(string hocon) => File.WriteAllText(Profile.SettingsFile, hocon);

    public void WritePluginConfig(string json)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Profile.PluginConfigFile)!);
        File.WriteAllText(Profile.PluginConfigFile, json);
    }

    public ProgramSettings Load(params string[] assignments) => ProgramSettings.Load(Profile, assignments, Variables);

    /// <summary>What is said of a configuration that cannot be used.</summary>
    public string[] Problems(params string[] assignments) =>
        [.. Assert.Throws<ConfigurationProblemsException>(() => Load(assignments)).Problems];

    public void Dispose() => Directory.Delete(Profile.Root, recursive: true);
}
