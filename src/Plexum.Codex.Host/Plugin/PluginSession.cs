using System.Collections.Immutable;
using Plexum.Codex.Host.Configuration;

namespace Plexum.Codex.Host.Plugin;

/// <summary>What a plugin is set to. A request that comes before it was initialised finds the profile of the user and all that stands there.</summary>
internal sealed class PluginSession(ImmutableArray<string> assignments)
{
    private readonly Lock _gate = new();
    private PluginSettings? _chosen;
    private HostSettings? _settings;

    /// <summary>The profile to work for, without looking into it.</summary>
    /// <exception cref="CodexException">There is no home directory.</exception>
    public PluginSettings Chosen
    {
        get
        {
            lock (_gate)
            {
                return _chosen ?? new PluginSettings(Profile.OfUser(), assignments);
            }
        }
    }

    /// <summary>All settings; they are read once.</summary>
    /// <exception cref="CodexException">Something is wrong with them.</exception>
    public HostSettings Settings
    {
        get
        {
            lock (_gate)
            {
                return _settings ??= Load(_chosen ?? new PluginSettings(Profile.OfUser(), assignments));
            }
        }
    }

    /// <summary>Chooses the profile and reads its settings anew.</summary>
    /// <param name="profileRoot">The profile's directory; null for the user's.</param>
    /// <param name="more">Settings beside those of the command line.</param>
    /// <exception cref="CodexException">Something is wrong with them, or the plugin works for another profile already.</exception>
    public HostSettings Initialise(string? profileRoot, IEnumerable<string> more)
    {
        var chosen = new PluginSettings(
            string.IsNullOrWhiteSpace(profileRoot) ? Profile.OfUser() : new Profile(Path.GetFullPath(profileRoot)), [.. assignments, .. more]);
        lock (_gate)
        {
            if (_settings is { } before && before.Profile != chosen.Profile)
            {
                throw new CodexException($"The plugin works for the profile {before.Profile.Root} already; start another one for {chosen.Profile.Root}.");
            }

            _settings = Load(chosen);
            _chosen = chosen;
            return _settings;
        }
    }

    private static HostSettings Load(PluginSettings chosen)
    {
        var settings = chosen.Load();
        settings.Profile.Prepare();
        return settings;
    }
}
