using System.Collections.Frozen;
using System.Collections.Immutable;
using Plexum.Codex.Agents.Checks;
using Plexum.Codex.Approvals;
using Plexum.Codex.AppServer.Server;
using Plexum.Codex.CodexConfig;
using Plexum.Codex.Exec.Running;
using Plexum.Codex.Host.Configuration.Overrides;
using Plexum.Codex.Host.Connections;
using Plexum.Codex.Molecule.Platform;
using Plexum.Codex.Molecule.Rules;
using Plexum.Codex.Options;
using Plexum.Codex.Processes;
using Plexum.Codex.Processes.Launching;
using Plexum.Codex.Profiles;
using Plexum.Codex.Retention;
using Plexum.Codex.Rollouts.Locating;
using Plexum.Codex.Tools;
using Plexum.Codex.Turns;
using Serilog.Events;

namespace Plexum.Codex.Host.Configuration;

/// <summary>Converts layers of configuration to settings. Collects every mistake with its source.</summary>
internal sealed class SettingsReader
{
    private const string WaitingNotice = "plexum.turns.waiting-notice";

    private static readonly (string, LogEventLevel)[] Levels =
    [
        .. Enum.GetValues<LogEventLevel>().Select(level => (level.ToString().ToLowerInvariant(), level)),
    ];

    private readonly ImmutableArray<SettingsLayer> _layers;
    private readonly int _belowPlugin;
    private readonly PluginConfig _plugin;
    private readonly ProblemList _problems;
    private readonly SettingsValues _values;

    /// <param name="layers">The layers, lowest first; the first one defines all keys.</param>
    /// <param name="belowPlugin">How many of the layers the plugin's file overrides.</param>
    /// <param name="plugin">The plugin's file.</param>
    /// <param name="problems">Collects the problems.</param>
    public SettingsReader(ImmutableArray<SettingsLayer> layers, int belowPlugin, PluginConfig plugin, ProblemList problems)
    {
        (_layers, _belowPlugin, _plugin, _problems) = (layers, belowPlugin, plugin, problems);
        var sound = layers.Where((layer, index) => index == 0 || KeysAreKnown(layer)).ToImmutableArray();
        _values = new SettingsValues(sound, problems);
    }

    /// <summary>The settings; meaningless if there are problems.</summary>
    public ProgramSettings Read(Profile profile, string codexHome, ImmutableArray<string> warnings)
    {
        var binary = _plugin.Binary is { } given && !SaidAbovePlugin("plexum.codex.binary") ? given : _values.Text("plexum.codex.binary");
        var models = Overridden("plexum.codex.supported-models", _plugin.SupportedModels);
        var log = new LogSettings(
            _values.OneOf("plexum.log.level", Levels),
            _values.OneOf("plexum.log.console-level", Levels),
            _values.Bytes("plexum.log.max-file", 64 * 1024),
            _values.Number("plexum.log.kept-files", 1)
        );
        var (confined, inbox) = (ConfinedReader.Read(_values, _problems, profile), ReadInbox());
        var agents = ReadAgents();
        CheckMoleculeWorkspaces(new WorkspaceRules(profile.Root, codexHome, agents.Workspaces));
        return new ProgramSettings(
            profile,
            binary,
            models.IsEmpty ? ["codex"] : models,
            agents with
            {
                ConfinedHasNetwork = confined.Network,
                InboxSandbox = StrangerRule.Allows(inbox) ? inbox.Sandbox : CodexSandbox.Confined,
            },
            ReadExec(codexHome),
            ReadRollouts(codexHome),
            _values.Number("plexum.turns.max-running", 0),
            ReadApi(profile),
            log,
            AkkaSection.Of(_layers, _problems),
            warnings
        )
        {
            Retention = new RetentionSettings
            {
                Turns = _values.Age("plexum.retention.turns"),
                MaxBytes = _values.Bytes("plexum.retention.max-size", 0),
                Rows = _values.Age("plexum.retention.rows"),
            },
            Confined = confined,
            Backend = _values.OneOf("plexum.codex.backend", [.. BackendKinds.All]),
            AppServer = ReadAppServer(),
            Problems = ProblemSettingsReader.Read(_values),
            Molecule = ReadMolecule(),
            Inbox = inbox,
            LoginCheck = Switch("plexum.codex.login-check"),
        };
    }

    private MoleculeSettings ReadMolecule() =>
        new()
        {
            Enabled = Switch("plexum.molecule.enabled"),
            Transport = _values.OneOf("plexum.molecule.transport", ("direct", MoleculeTransport.Direct), ("mcp", MoleculeTransport.Mcp)),
            WorkspaceId = _values.TextOrNothing("plexum.molecule.workspace-id"),
            PlatformUrl = _values.TextOrNothing("plexum.molecule.platform-url"),
            TokenFile = _values.TextOrNothing("plexum.molecule.token-file"),
            UnencryptedHost = _values.TextOrNothing("plexum.molecule.send-token-unencrypted-to"),
            PollInterval = _values.Time("plexum.molecule.poll-interval"),
            McpProgram = _values.Text("plexum.molecule.mcp-program"),
        };

    private InboxSettings ReadInbox() =>
        new()
        {
            Sandbox = Sandbox("plexum.molecule.sandbox"),
            StrangersMayRunCommandsAsThisUser = Switch("plexum.molecule.strangers-may-run-commands-as-this-user"),
            Workspaces = _values.Text("plexum.molecule.workspaces"),
            Wait = _values.Time("plexum.molecule.wait"),
            TurnTimeout = _values.Time("plexum.molecule.turn-timeout"),
            FirstBackOff = _values.Time("plexum.molecule.first-back-off"),
            MaxBackOff = _values.Time("plexum.molecule.longest-back-off"),
            ReplyAttempts = _values.Number("plexum.molecule.reply-attempts", 1),
            Placeholder = _values.Text("plexum.molecule.placeholder"),
            Handled = _values.Age("plexum.molecule.handled"),
            PeerReplies = _values.Number("plexum.molecule.peer-replies", 1),
            PeerWindow = _values.Time("plexum.molecule.peer-window"),
            PeerExchanges = _values.Number("plexum.molecule.peer-exchanges", 1),
            PeerPause = _values.Time("plexum.molecule.peer-pause"),
        };

    private ApiSettings ReadApi(Profile profile) =>
        new(
            Path.GetFullPath(_values.Text("plexum.api.socket"), profile.Root),
            _values.TextOrNothing("plexum.api.token-file") is { Length: > 0 } token ? Path.GetFullPath(token, profile.Root) : "",
            _values.Bytes("plexum.api.max-body", 1024)
        )
        {
            MaxBodyElements = _values.Number("plexum.api.max-body-elements", 100),
            Connections = new ConnectionSettings
            {
                Max = _values.Number("plexum.api.max-connections", 1),
                MaxUnauthenticated = _values.Number("plexum.api.max-unauthenticated", 1),
                AuthenticationLimit = _values.Time("plexum.api.authentication-limit"),
                MaxLocal = _values.Number("plexum.api.max-local-connections", 1),
            },
            TurnsMayCall = Switch("plexum.api.turns-may-call"),
            OtherNamespacesMayCall = Switch("plexum.api.other-namespaces-may-call"),
        };

    private AgentSettings ReadAgents() =>
        new()
        {
            ModelArgs = (
                _plugin.ModelArgs is { } given && !SaidAbovePlugin("plexum.codex.model-args")
                    ? given
                    : _values.Map("plexum.codex.model-args")
            ).ToFrozenDictionary(StringComparer.Ordinal),
            Sandbox = Sandbox("plexum.codex.sandbox"),
            QueueLimit = _values.Number("plexum.turns.queue-limit", 1),
            KeyReuse = _values.OneOf(
                "plexum.turns.idempotency-key-reuse",
                ("refuse", KeyReuse.Refuse),
                ("answer-first", KeyReuse.AnswerFirst)
            ),
            TurnTimeout = _values.Time("plexum.turns.timeout"),
            ThreadBusyLimit = _values.Time("plexum.turns.thread-busy-limit"),
            WaitingNotice = _values.TimeOrOff(WaitingNotice),
            IdleTimeout = _values.Time("plexum.agents.idle-timeout"),
            Overrides = new AgentOverridesReader(_values.Refuse).Read(_values.Section(AgentOverridesReader.Path)),
            Approvals = new ApprovalSettings
            {
                Policy = _values.OneOf("plexum.approvals.policy", [.. ApprovalPolicies.All]),
                Timeout = _values.Time("plexum.approvals.timeout"),
            },
            Workspaces = new WorkspaceSettings
            {
                Roots = _values.Directories("plexum.turns.workspace-roots"),
                Missing = _values.OneOf(
                    "plexum.turns.missing-workspace",
                    ("make-anew", MissingWorkspace.MakeAnew),
                    ("refuse", MissingWorkspace.Refuse)
                ),
                Shared = _values.OneOf(
                    "plexum.turns.shared-workspaces",
                    ("tell", SharedWorkspaces.Tell),
                    ("refuse", SharedWorkspaces.Refuse),
                    ("allow", SharedWorkspaces.Allow)
                ),
                ImageRoots = _values.Directories("plexum.turns.image-roots"),
                Molecule = _values.Text("plexum.molecule.workspaces"),
            },
            Tools = new ToolSettings
            {
                CallTimeout = _values.Time("plexum.tools.call-timeout"),
                MaxResultBytes = (int)Math.Min(_values.Bytes("plexum.tools.max-result", 1024), ToolSettings.MaxAllowedResultBytes),
                HandlerWait = _values.Time("plexum.tools.host-wait"),
            },
        };

    private void CheckMoleculeWorkspaces(WorkspaceRules rules)
    {
        // An empty text is a problem already.
        if (rules.Settings.Molecule is { Length: > 0 } molecule && rules.WhyNotMolecule() is { } why)
        {
            _problems.Add($"plexum.molecule.workspaces: \"{molecule}\" {why}; name a directory for nothing else, such as molecule.");
        }
    }

    private ExecSettings ReadExec(string codexHome) =>
        new()
        {
            CodexHome = codexHome,
            ExtraArgs = Overridden("plexum.codex.extra-args", _plugin.ExtraArgs),
            Environment = new ProcessEnvironment { Removed = _values.Patterns("plexum.codex.removed-variables") },
            HiddenVariables = HiddenVariables(),
            Umask = Umask(),
            ToolRegistration = _values.OneOf(
                "plexum.tools.registration",
                ("override", ToolRegistrationMode.Override),
                ("codex-mcp-add", ToolRegistrationMode.CodexMcpAdd)
            ),
            InterruptGrace = _values.Time("plexum.turns.interrupt-grace"),
            TerminateGrace = _values.Time("plexum.turns.terminate-grace"),
            ExitGrace = _values.Time("plexum.turns.exit-grace"),
            WaitingNotice = _values.TimeOrOff(WaitingNotice),
            MaxOutputBytes = _values.Bytes("plexum.turns.max-output", 1024 * 1024),
            MaxStderrBytes = _values.Bytes("plexum.turns.max-stderr", 2 * StderrFile.TailBytes),
        };

    private AppServerSettings ReadAppServer() =>
        new()
        {
            MaxThreads = _values.Number("plexum.codex.app-server.max-threads", 1),
            DeltaWindow = _values.TimeOrOff("plexum.codex.app-server.delta-window") ?? TimeSpan.Zero,
            RequestLimit = _values.Time("plexum.codex.app-server.request-limit"),
            StartLimit = _values.Time("plexum.codex.app-server.start-limit"),
            FirstBackOff = _values.Time("plexum.codex.app-server.first-back-off"),
            LongestBackOff = _values.Time("plexum.codex.app-server.longest-back-off"),
            MaxMessageBytes = (int)Math.Min(_values.Bytes("plexum.codex.app-server.max-message", 1024 * 1024), Array.MaxLength),
            MaxStderrBytes = _values.Bytes("plexum.turns.max-stderr", 2 * StderrFile.TailBytes),
            TerminateGrace = _values.Time("plexum.turns.terminate-grace"),
        };

    private RolloutSettings ReadRollouts(string codexHome) =>
        new()
        {
            CodexHome = codexHome,
            LockLimit = _values.Time("plexum.rollouts.lock-limit"),
            Limits = new RolloutLimits
            {
                MaxArguments = Limit("plexum.rollouts.max-arguments"),
                MaxOutput = Limit("plexum.rollouts.max-output"),
                WarnSize = _values.Bytes("plexum.rollouts.warn-size", 1024 * 1024),
            },
        };

    // The first is this program's own.
    private string? Umask() =>
        _values.OneOf<string?>("plexum.codex.umask", ("077", null), ("027", "027"), ("022", "022"), ("007", "007"), ("002", "002"));

    private CodexSandbox Sandbox(string path) => _values.OneOf(path, [.. CodexSandboxes.All]);

    private bool Switch(string path) => _values.OneOf(path, ("off", false), ("on", true), ("false", false), ("true", true));

    // An argument that codex would silently lose to another one is a mistake to report.
    private VariablePatterns HiddenVariables()
    {
        const string Path = "plexum.codex.hidden-variables";
        var hidden = _values.Patterns(Path);
        if (!hidden.Texts.IsEmpty && ShellPolicy.IsIn(Overridden("plexum.codex.extra-args", _plugin.ExtraArgs)))
        {
            _problems.Add(
                $"codex's extra arguments set shell_environment_policy.exclude, which {Path} would replace; move the patterns to {Path}."
            );
        }

        return hidden;
    }

    // Longer records of a rollout are not read.
    private int Limit(string path) => (int)Math.Min(_values.Bytes(path, 1024), RolloutLimits.Most);

    // config.json overrides the files; variables and --set override it.
    private ImmutableArray<string> Overridden(string path, ImmutableArray<string>? plugin) =>
        plugin is { } given && !SaidAbovePlugin(path) ? given : _values.Strings(path);

    private bool SaidAbovePlugin(string path) => _layers.Skip(_belowPlugin).Any(layer => layer.Document.HasPath(path));

    // A layer with a value in place of a section, or a section in place of a value, would hide the layers below it: report it and
    // leave it out.
    private bool KeysAreKnown(SettingsLayer layer)
    {
        var known = _layers[0].Keys(SettingsSources.OpenObjects).Concat(SettingsSources.OpenObjects).ToHashSet(StringComparer.Ordinal);
        var fits = true;
        foreach (var key in layer.Keys(SettingsSources.OpenObjects).Where(key => !known.Contains(key)))
        {
            if (known.Any(other => other.StartsWith(key + ".", StringComparison.Ordinal)))
            {
                _problems.Add($"{layer.Place(key)}: {key} must be a section, with its keys in braces.");
                fits = false;
            }
            else if (known.FirstOrDefault(other => key.StartsWith(other + ".", StringComparison.Ordinal)) is { } value)
            {
                _problems.Add($"{layer.Place(value)}: {value} must be a value, not a section.");
                fits = false;
            }
            else
            {
                _problems.Add($"{layer.Place(key)}: the key {key} is unknown; config/akka.hocon lists all keys.");
            }
        }

        return fits;
    }
}
