using System.Text.Json.Nodes;
using Plexum.Codex.AppServer.Server;
using Plexum.Codex.Backend;
using Plexum.Codex.CodexConfig;
using Plexum.Codex.Options;
using Plexum.Codex.Posix.Paths;
using Plexum.Codex.Processes;
using Plexum.Codex.Sandboxing;
using Plexum.Codex.Turns;

namespace Plexum.Codex.AppServer.Turns.Setup;

/// <summary>Prepares how a turn's thread is loaded, so that its commands may do what they may with <c>codex exec</c>.</summary>
/// <param name="services">What turns need.</param>
/// <param name="marker">What the commands of the agent's turns have in their environment, the same for each turn.</param>
internal sealed class ThreadPreparation(AppServerTurnServices services, string marker)
{
    private const string Model = "model";
    private const string Effort = "model_reasoning_effort";
    private const string Provider = "model_provider";
    private const string DefaultProvider = "openai";
    private const string Profile = "default_permissions";

    /// <summary>Prepares it. File work.</summary>
    /// <param name="start">The turn.</param>
    /// <exception cref="CodexUnavailableException">Codex is missing, or the workspace is not the directory that it was.</exception>
    /// <exception cref="SandboxUnavailableException">The sandbox would not hold in a thread of the server.</exception>
    /// <exception cref="CodexConfigException">Codex's configuration cannot be read.</exception>
    public async Task<PreparedThread> PrepareAsync(CodexBackendProtocol.Start start)
    {
        CheckWorkspace(start.Workspace);
        var arguments = ServerArguments.Of(services.ExtraArgs);
        if (arguments.Unknown is { } unknown)
        {
            throw new SandboxUnavailableException(
                $"codex's app-server cannot have \"{unknown}\" of codex's extra arguments. Remove it there, or set codex.backend to exec."
            );
        }

        var binary = await services.Binaries.FindAsync().ConfigureAwait(false);
        var sandbox = await services
            .Sandboxes.PrepareAsync(start.Sandbox, binary, start.Workspace, start.SandboxIsRequested)
            .ConfigureAwait(false);
        var config = ConfigOf(start, arguments, sandbox);
        var approvals = (start.Options.Approvals ?? ApprovalPolicy.Never).ToWireName();
        return new PreparedThread(
            new ThreadSetup(start.Workspace)
            {
                Sandbox = ModeOf(start.Sandbox, config),
                ApprovalPolicy = start.Sandbox == CodexSandbox.Confined && start.Options.Approvals is null ? null : approvals,
                Config = config,
                DeveloperInstructions = start.Options.DeveloperInstructions,
                Files = ConfigurationStamp.Of(services.CodexHome, start.Workspace),
                SecretName = start.Sandbox == CodexSandbox.Confined ? config[Profile]?.ToString() : null,
            },
            sandbox
        );
    }

    private JsonObject ConfigOf(CodexBackendProtocol.Start start, ServerArguments arguments, PreparedSandbox sandbox)
    {
        var config = new JsonObject();
        foreach (var assignment in arguments.Assignments)
        {
            ConfigValues.Add(config, assignment);
        }

        var user = CodexConfigFile.Load(CodexConfigFile.OfTheUser(services.CodexHome));
        var machine = CodexConfigFile.Load(CodexConfigFile.OfTheMachine);
        SetModel(config, start, arguments, Configured);

        // The server would go on with the thread's own provider while that is configured, and refuse a rollout that names none. Given one,
        // it does as exec, and refuses another in the same words (measured on 0.169.0 and 0.171.0).
        if (!config.ContainsKey(Provider))
        {
            config[Provider] = Configured(Provider) ?? DefaultProvider;
        }

        ServerTools.SwitchOff(config, user);

        foreach (var assignment in ShellPolicy.Overrides(services.HiddenVariables, marker, services.CodexHome).AddRange(sandbox.Overrides))
        {
            ConfigValues.Add(config, assignment);
        }

        return config;

        string? Configured(string key) => user.Text(key) ?? machine.Text(key);
    }

    // What a turn sets stays for later turns of the thread, and comes back when it is resumed; a model in the configuration of a resume
    // takes the place of both (measured on 0.169.0 and 0.171.0). With exec, a turn that names none has that of the user's configuration;
    // neither takes a profile from there any more, but refuses it (measured on both).
    private static void SetModel(
        JsonObject config,
        CodexBackendProtocol.Start start,
        ServerArguments arguments,
        Func<string, string?> configured
    )
    {
        if ((start.Model ?? arguments.Model ?? (config.ContainsKey(Model) ? null : configured(Model))) is { } model)
        {
            config[Model] = model;
        }

        if ((start.Options.Effort ?? (config.ContainsKey(Effort) ? null : configured(Effort))) is { } effort)
        {
            config[Effort] = effort;
        }
    }

    private string? ModeOf(CodexSandbox sandbox, JsonObject config)
    {
        switch (sandbox)
        {
            case CodexSandbox.None:
                return "danger-full-access";
            case CodexSandbox.WorkspaceWrite or CodexSandbox.ReadOnly:
                return sandbox.ToWireName();
            case CodexSandbox.Confined when config.ContainsKey(Profile):
                return null;
            case CodexSandbox.Inherit:
                return Inherited(config);
            default:
                throw new InvalidOperationException($"Nothing makes the sandbox {sandbox}; this is a bug in plexum-codex.");
        }
    }

    // A resumed thread has the sandbox of its last turn, not that of the configuration, unless it is told one (measured on 0.169.0 and
    // 0.171.0). Without one in the configuration, nobody knows what exec would make of it.
    private string? Inherited(JsonObject config)
    {
        if (config.ContainsKey("sandbox_mode") || config.ContainsKey(Profile))
        {
            return config["sandbox_mode"]?.ToString();
        }

        if (UserPermissions.Find(services.CodexHome) is not { } user)
        {
            throw new SandboxUnavailableException(
                "With the sandbox inherit, codex's app-server works only if codex's configuration has sandbox_mode or "
                    + "default_permissions: a thread that it resumes would keep the sandbox of its last turn. Set one of them, choose "
                    + "another sandbox, or set codex.backend to exec."
            );
        }

        if (user.Key == "sandbox_mode")
        {
            return user.Value;
        }

        config[user.Key] = user.Value;
        return null;
    }

    // Codex takes any path, and then every command fails (measured on 0.169.0).
    private static void CheckWorkspace(string workspace)
    {
        using var place = LinkFreePath.TryOpenDirectory(workspace, out var problem);
        if (place is null)
        {
            throw new CodexUnavailableException(
                Directory.Exists(workspace)
                    ? $"codex could not be started: the workspace {workspace} is not the directory that it was: {problem}. "
                        + "Name another one."
                    : $"codex could not be started: the workspace {workspace} is gone. Create it again."
            );
        }
    }
}

/// <summary>How a turn's thread is loaded.</summary>
/// <param name="Setup">What the server is told, without the host's tools.</param>
/// <param name="Sandbox">The sandbox of the model's commands.</param>
internal sealed record PreparedThread(ThreadSetup Setup, PreparedSandbox Sandbox)
{
    /// <summary>The same with the host's tools.</summary>
    public ThreadSetup WithTools { get; init; } = Setup;
}
