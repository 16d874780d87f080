using Plexum.Codex.Exec.Tools;
using Plexum.Codex.Exec.Running;
using Plexum.Codex.Agents;
using System.Collections.Frozen;
using System.Collections.Immutable;
using Plexum.Codex.Admission;
using Plexum.Codex.Backend;
using Plexum.Codex.Processes;
using Plexum.Codex.Rollouts;
using Plexum.Codex.Tools;

namespace Plexum.Codex;

/// <summary>
/// All settings for running turns; each part of the program gets its own share. The program reads its values from
/// <c>config/akka.hocon</c> and whatever overrides it; the defaults here are for callers without a configuration.
/// </summary>
public sealed record CodexSettings
{
    /// <summary>Codex's home, which contains threads and their locks.</summary>
    public string CodexHome { get; init; } = Path.Combine(
        System.Environment.GetFolderPath(
            System.Environment.SpecialFolder.UserProfile, System.Environment.SpecialFolderOption.DoNotVerify),
        ".codex");

    /// <summary>Arguments put before the prompt.</summary>
    public ImmutableArray<string> ExtraArgs { get; init; } = [];

    /// <summary>Maps a host's model id to the value of <c>--model</c>.</summary>
    public FrozenDictionary<string, string> ModelArgs { get; init; } = FrozenDictionary<string, string>.Empty;

    /// <summary>What the model's commands may do.</summary>
    public CodexSandbox Sandbox { get; init; }

    /// <summary>How codex's environment differs from the program's.</summary>
    public ProcessEnvironment Environment { get; init; } = new() { Removed = ["MOLECULE_*"] };

    /// <summary>How many turns of one agent may wait.</summary>
    public int QueueLimit { get; init; } = 1000;

    /// <summary>
    /// How many codex processes a daemon runs at once; 0 leaves it to <see cref="Plexum.Codex.Admission.AdmissionLimit"/>.
    /// </summary>
    public int MaxRunning { get; init; }

    /// <summary>How long a turn may take, including its wait for the agent and the thread.</summary>
    public TimeSpan TurnTimeout { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>How long codex has to exit after SIGINT, before SIGTERM.</summary>
    public TimeSpan InterruptGrace { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long codex has to exit after SIGTERM, before SIGKILL.</summary>
    public TimeSpan TerminateGrace { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How long codex has to exit after it reported the end of the turn.</summary>
    public TimeSpan ExitGrace { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a turn waits for a thread that another process is writing to.</summary>
    public TimeSpan ThreadBusyLimit { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How long a consume waits for the agent, and then for its thread, while another process holds it.</summary>
    public TimeSpan RolloutLockLimit { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long an idle agent stays in memory.</summary>
    public TimeSpan IdleTimeout { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>How much of a rollout goes into events.</summary>
    public RolloutLimits Rollouts { get; init; } = new();

    /// <summary>How codex is told about the host's tools.</summary>
    public ToolRegistrationMode ToolRegistration { get; init; }

    /// <summary>The host's tools.</summary>
    public ToolSettings Tools { get; init; } = new();

    /// <summary>How much of codex's stderr is kept in its file, in bytes.</summary>
    public long MaxStderrBytes { get; init; } = 16 * 1024 * 1024;

    /// <summary>The agents' share.</summary>
    public AgentSettings ForAgents() => new()
    {
        QueueLimit = QueueLimit,
        TurnTimeout = TurnTimeout,
        ThreadBusyLimit = ThreadBusyLimit,
        IdleTimeout = IdleTimeout,
        ModelArgs = ModelArgs,
        Sandbox = Sandbox,
        Tools = Tools,
    };

    /// <summary>The share of <c>codex exec</c>.</summary>
    public ExecSettings ForExec() => new()
    {
        CodexHome = CodexHome,
        ExtraArgs = ExtraArgs,
        Environment = Environment,
        ToolRegistration = ToolRegistration,
        InterruptGrace = InterruptGrace,
        TerminateGrace = TerminateGrace,
        ExitGrace = ExitGrace,
        MaxStderrBytes = MaxStderrBytes,
    };

    /// <summary>The rollouts' share.</summary>
    public RolloutSettings ForRollouts() => new(CodexHome, RolloutLockLimit, Rollouts);
}
