using System.Collections.Immutable;
using Plexum.Codex.Client.Documents;
using Plexum.Codex.Host.Configuration;
using Plexum.Codex.Host.Hocon;
using Plexum.Codex.Host.Rendering;
using Plexum.Codex.Host.Secrecy;

namespace Plexum.Codex.Host.Commands.Asked;

/// <summary>Compares settings with those of a daemon and describes the differences. Secrets are hidden in what it writes.</summary>
/// <param name="settings">The settings.</param>
/// <param name="used">The daemon's settings; none from a daemon of an earlier version, which does not list them.</param>
internal sealed class SettingDifferences(ProgramSettings settings, SettingsDocument used)
{
    private const int MaxShown = 60;

    /// <summary>Those settings of which the daemon has another value, or does not tell its own.</summary>
    public ImmutableArray<SettingValue> Among(IEnumerable<SettingValue> asked) => [.. asked.Where(setting => !IsUsed(setting))];

    /// <summary>The differences as a list in a sentence.</summary>
    public string Describe(IEnumerable<SettingValue> others) => string.Join("; ", others.Select(Describe));

    /// <summary>Throws if there are any.</summary>
    /// <exception cref="CodexException">The message lists them and says what to do.</exception>
    public void ThrowIfAny(ImmutableArray<SettingValue> others)
    {
        if (others.Length > 0)
        {
            throw new CodexException(
                $"The running daemon has settings of its own: {Describe(others)}. "
                    + $"Leave that out, or write it into {settings.Profile.SettingsFile} and restart the daemon."
            );
        }
    }

    /// <summary>What to tell a user whose turn runs with other settings than those around the command, if anything.</summary>
    /// <param name="others">The differences that nobody asked for with this command.</param>
    /// <param name="home">CODEX_HOME of the command, or null.</param>
    public IEnumerable<string> Tell(ImmutableArray<SettingValue> others, string? home)
    {
        // A daemon of an earlier version may well have the same settings.
        if (used.Settings.IsEmpty)
        {
            yield break;
        }

        if (others.Length > 0)
        {
            yield return $"The daemon of the profile {settings.Profile.Root} was started with other settings and runs the turn with those: "
                + $"{Describe(others)}. Restart it to have it use the new ones.";
        }

        if (!string.IsNullOrEmpty(home) && Path.GetFullPath(home) != used.CodexHome)
        {
            yield return $"CODEX_HOME is {home} here, and the daemon runs the turn with {used.CodexHome}.";
        }
    }

    /// <summary>Whether a daemon's value of a setting is the same; values with secrets are compared by their hashes.</summary>
    public static bool AreSame(SettingDocument own, SettingValue setting) =>
        own.Sha256 is { } hash ? hash == SecretMask.HashOf(setting.Text) : HoconUnits.AreSame(own.Value, setting.Text);

    private bool IsUsed(SettingValue setting) => Find(setting) is { } own && AreSame(own, setting);

    private SettingDocument? Find(SettingValue setting) => used.Settings.FirstOrDefault(other => other.Key == setting.Name);

    private string Describe(SettingValue asked)
    {
        var own = Find(asked) is { } setting ? $"the daemon has {Shown(setting.Value)}" : "the daemon does not tell its own";
        return $"{asked.Source} asks for {asked.Name} = {Shown(SecretMask.Of(asked.Text))}, and {own}";
    }

    private static string Shown(string value) => value.Length == 0 ? "\"\"" : Consoles.OneLine(value, MaxShown);
}
