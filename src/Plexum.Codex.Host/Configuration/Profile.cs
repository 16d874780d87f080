namespace Plexum.Codex.Host.Configuration;

/// <summary>The directory that everything of this program lies in: <c>PLEXUM_PROFILE_ROOT</c>, else <c>~/.plexum</c>.</summary>
/// <param name="Root">Its absolute path.</param>
public sealed record Profile(string Root)
{
    /// <summary>The variable that names it.</summary>
    public const string RootVariable = "PLEXUM_PROFILE_ROOT";

    /// <summary>The settings of the user.</summary>
    public string SettingsFile => Path.Combine(Root, "plexum-codex.hocon");

    /// <summary>The plugin's configuration, where the Go plugin has it too.</summary>
    public string PluginConfigFile => Path.Combine(Root, "plugins", "plexum-openai-provider", "config.json");

    /// <summary>The directory of the log files.</summary>
    public string Logs => Path.Combine(Root, "logs");

    /// <summary>The profile of this user.</summary>
    public static Profile OfUser()
    {
        var root = Environment.GetEnvironmentVariable(RootVariable);
        return new Profile(string.IsNullOrWhiteSpace(root)
            ? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".plexum")
            : Path.GetFullPath(root));
    }
}
