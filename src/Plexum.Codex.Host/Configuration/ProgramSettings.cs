using System.Collections;
using System.Collections.Immutable;
using Akka.Configuration;
using Plexum.Codex.Agents.Checks;
using Plexum.Codex.AppServer.Server;
using Plexum.Codex.Exec.Running;
using Plexum.Codex.Host.Ownership;
using Plexum.Codex.Host.Rendering;
using Plexum.Codex.Molecule.Platform;
using Plexum.Codex.Molecule.Rules;
using Plexum.Codex.Options;
using Plexum.Codex.Problems;
using Plexum.Codex.Retention;
using Plexum.Codex.Rollouts.Locating;
using Plexum.Codex.Sandboxing;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Host.Configuration;

/// <summary>All settings of the program.</summary>
/// <param name="Profile">The profile.</param>
/// <param name="Binary">codex's name or path.</param>
/// <param name="SupportedModels">The models that are reported to a host.</param>
/// <param name="Agents">How turns are accepted and run.</param>
/// <param name="Exec">How codex is run.</param>
/// <param name="Rollouts">How codex's rollouts are read and rewritten.</param>
/// <param name="MaxRunning">How many codex processes a daemon runs at once; 0 leaves it to <see cref="Admission.AdmissionLimit"/>.</param>
/// <param name="Api">The daemon's HTTP interface.</param>
/// <param name="Log">How the program logs.</param>
/// <param name="Akka">The actor system's configuration.</param>
/// <param name="Warnings">Oddities that are not errors.</param>
public sealed record ProgramSettings(
    Profile Profile,
    string Binary,
    ImmutableArray<string> SupportedModels,
    AgentSettings Agents,
    ExecSettings Exec,
    RolloutSettings Rollouts,
    int MaxRunning,
    ApiSettings Api,
    LogSettings Log,
    Config Akka,
    ImmutableArray<string> Warnings
)
{
    /// <summary>How long the files and ledger rows of ended turns are kept.</summary>
    public RetentionSettings Retention { get; init; } = new();

    /// <summary>What confined commands can reach and cannot read.</summary>
    public ConfinedSettings Confined { get; init; } = new();

    /// <summary>What runs a turn whose request and agent name nothing.</summary>
    public BackendKind Backend { get; init; } = BackendKind.Auto;

    /// <summary>How <c>codex app-server</c> is run.</summary>
    public AppServerSettings AppServer { get; init; } = new();

    /// <summary>When something counts as a problem that should page an operator.</summary>
    public ProblemSettings Problems { get; init; } = new();

    /// <summary>Which workspace of the molecule platform is answered, if any.</summary>
    public MoleculeSettings Molecule { get; init; } = new();

    /// <summary>How messages of the molecule platform are answered.</summary>
    public InboxSettings Inbox { get; init; } = new();

    /// <summary>Whether a turn is refused if it is certain that codex has no login for it.</summary>
    public bool LoginCheck { get; init; } = true;

    /// <summary>Whether the owners and modes of the files that decide what is run are checked.</summary>
    internal bool ChecksOwners { get; private init; } = true;

    /// <summary>All settings of the section plexum as they were read, sorted by key.</summary>
    internal ImmutableArray<SettingValue> Values { get; private init; } = [];

    /// <summary>What the check of the profile's owners and modes has repaired, a sentence for each path.</summary>
    internal ImmutableArray<string> Repairs { get; private init; } = [];

    /// <summary>Checks that no other user could change the profile, and tells on stderr what that has repaired.</summary>
    /// <exception cref="ExposedPathException">Another user could change it.</exception>
    /// <returns>What was repaired.</returns>
    internal static ImmutableArray<string> CheckOwners(Profile profile, IDictionary environment)
    {
        var repairs = OwnerCheck.IsOn(environment) ? OwnerCheck.OfProfile(profile.Root, profile.Guarded) : [];
        foreach (var repair in repairs)
        {
            StderrMessages.Write(repair);
        }

        return repairs;
    }

    /// <summary>What runs turns of an agent whose request names nothing.</summary>
    internal BackendKind BackendOf(AgentId agent) => Agents.OverrideOf(agent).Backend ?? Backend;

    /// <summary>Checks that no other user could change codex's home, unless that is switched off. Call it before codex is run.</summary>
    /// <exception cref="ExposedPathException">Another user could change it.</exception>
    internal void CheckCodexHome()
    {
        if (ChecksOwners)
        {
            OwnerCheck.OfCodexHome(Exec.CodexHome);
        }
    }

    /// <summary>Reads the settings from all sources.</summary>
    /// <param name="profile">The profile.</param>
    /// <param name="assignments">The values of <c>--set</c>.</param>
    /// <exception cref="ConfigurationProblemsException">The configuration is invalid; the exception lists all problems.</exception>
    /// <exception cref="CodexException">Another user could change the profile; the message says what to do.</exception>
    public static ProgramSettings Load(Profile profile, IReadOnlyList<string> assignments) =>
        Load(profile, assignments, Environment.GetEnvironmentVariables());

    internal static ProgramSettings Load(Profile profile, IReadOnlyList<string> assignments, IDictionary environment) =>
        Load(profile, (profile ?? throw new ArgumentNullException(nameof(profile))).SettingsFile, assignments, environment);

    /// <summary>Reads the settings from all sources.</summary>
    /// <param name="profile">The profile.</param>
    /// <param name="settingsFile">The user's settings: the profile's own, or a file that is tried in its place.</param>
    /// <param name="assignments">The values of <c>--set</c>.</param>
    /// <param name="environment">The environment variables.</param>
    internal static ProgramSettings Load(
        Profile profile,
        string settingsFile,
        IReadOnlyList<string> assignments,
        IDictionary environment
    ) =>
        Load(
            profile,
            builtIn => SettingsSources.File(builtIn, settingsFile),
            () => PluginConfig.Load(profile.PluginConfigFile),
            assignments,
            environment
        );

    /// <summary>The same without any file of the user's, for when those cannot be used.</summary>
    /// <param name="profile">The profile.</param>
    /// <param name="assignments">The values of <c>--set</c>.</param>
    /// <param name="environment">The environment variables.</param>
    internal static ProgramSettings LoadWithoutFiles(Profile profile, IReadOnlyList<string> assignments, IDictionary environment) =>
        Load(profile, _ => null, () => null, assignments, environment);

    private static ProgramSettings Load(
        Profile profile,
        Func<SettingsLayer, SettingsLayer?> file,
        Func<PluginConfig?> pluginFile,
        IReadOnlyList<string> assignments,
        IDictionary environment
    )
    {
        ArgumentNullException.ThrowIfNull(profile);
        ArgumentNullException.ThrowIfNull(assignments);
        var checksOwners = OwnerCheck.IsOn(environment);
        var repairs = CheckOwners(profile, environment);
        var problems = new ProblemList();
        var builtIn = SettingsSources.BuiltIn();
        var layers = ImmutableArray.CreateBuilder<SettingsLayer>();
        layers.Add(builtIn);
        Add(() => file(builtIn));
        var belowPlugin = layers.Count;
        var plugin = problems.Collect(pluginFile) ?? new PluginConfig();
        foreach (var variable in SettingsSources.Variables(builtIn, environment))
        {
            Add(variable);
        }

        foreach (var assignment in assignments)
        {
            Add(() => SettingsSources.Assigned(builtIn, assignment));
        }

        var stray = SettingsSources
            .StrayVariables(builtIn, environment)
            .Select(name => $"The environment variable {name} matches no setting and is ignored; config/akka.hocon lists all settings.");
        var all = layers.ToImmutable();
        var settings = new SettingsReader(all, belowPlugin, plugin, problems).Read(
            profile,
            Profile.CodexHome(environment),
            [.. plugin.Warnings, .. stray, .. checksOwners ? ImmutableArray<string>.Empty : OwnerCheck.OffWarning]
        );
        problems.ThrowIfAny();
        return settings with
        {
            ChecksOwners = checksOwners,
            Values = new EffectiveSettings(all, belowPlugin, plugin, profile.PluginConfigFile).List(),
            Repairs = repairs,
            Confined = settings.Confined with { OtherProfiles = ConfinedReader.OtherProfiles(environment) },
        };

        void Add(Func<SettingsLayer?> read)
        {
            if (problems.Collect(read) is { } layer)
            {
                layers.Add(layer);
            }
        }
    }
}
