using System.Collections.Immutable;
using Plexum.Codex.Host.Configuration;
using Plexum.Codex.Host.Logging;
using Plexum.Codex.Json;

namespace Plexum.Codex.Host.Plugin.Session;

/// <summary>The plugin's settings. A request that arrives before initialisation gets the settings of the user's profile.</summary>
/// <param name="assignments">The values of <c>--set</c>.</param>
/// <param name="startLogging">Called once the settings are known.</param>
internal sealed class PluginSession(ImmutableArray<string> assignments, Func<ProgramSettings, IDisposable> startLogging) : IDisposable
{
    private readonly Lock _gate = new();
    private PluginSettings? _chosen;
    private ProgramSettings? _settings;
    private IDisposable? _logging;

    /// <summary>The values of <c>--set</c> for a daemon that the plugin starts.</summary>
    public ImmutableArray<string> Assignments
    {
        get
        {
            lock (_gate)
            {
                return _chosen?.Assignments ?? assignments;
            }
        }
    }

    /// <summary>All settings; read once.</summary>
    /// <exception cref="CodexException">The settings are invalid.</exception>
    public ProgramSettings Settings
    {
        get
        {
            lock (_gate)
            {
                return _settings ??= Load(_chosen = new PluginSettings(Profile.OfUser(), assignments));
            }
        }
    }

    /// <summary>How many JSON values a message may have; the default until the settings are known.</summary>
    public int MaxBodyElements
    {
        get
        {
            lock (_gate)
            {
                return _settings?.Api.MaxBodyElements ?? JsonValueLimit.Default;
            }
        }
    }

    /// <summary>Selects the profile and rereads its settings.</summary>
    /// <param name="profileRoot">The profile's directory; null for the user's.</param>
    /// <param name="more">Settings in addition to those of the command line.</param>
    /// <exception cref="CodexException">The settings are invalid, or the plugin already serves another profile.</exception>
    public ProgramSettings Initialise(string? profileRoot, IEnumerable<string> more)
    {
        var chosen = new PluginSettings(
            string.IsNullOrWhiteSpace(profileRoot) ? Profile.OfUser() : new Profile(Path.GetFullPath(profileRoot)),
            [.. assignments, .. more]
        );
        lock (_gate)
        {
            if (_settings is { } before && before.Profile != chosen.Profile)
            {
                throw new CodexException(
                    $"This plugin already serves the profile {before.Profile.Root}; start another one for {chosen.Profile.Root}."
                );
            }

            _settings = Load(chosen);
            _chosen = chosen;
            return _settings;
        }
    }

    /// <summary>The plugin's manifest. Configuration errors are reported only when the plugin is initialised.</summary>
    public PluginManifest Manifest()
    {
        lock (_gate)
        {
            try
            {
                return PluginManifest.Of(_chosen ?? new PluginSettings(Profile.OfUser(), assignments));
            }
            catch (CodexException)
            {
                // There is not even a home directory.
                return PluginManifest.Default;
            }
        }
    }

    public void Dispose() => _logging?.Dispose();

    private ProgramSettings Load(PluginSettings chosen)
    {
        var settings = chosen.Load();
        settings.Profile.Prepare();
        _logging ??= startLogging(settings);
        ProgramLogging.Warn(settings.Warnings);
        return settings;
    }
}
