using System.Collections.Immutable;
using Plexum.Codex.Processes;

namespace Plexum.Codex.Exec.Running;

/// <summary>How <c>codex exec</c> is run. The defaults are those of <c>config/akka.hocon</c>.</summary>
public sealed record ExecSettings
{
    /// <summary>codex's home, where it keeps threads and their locks.</summary>
    public required string CodexHome { get; init; }

    /// <summary>Arguments placed before the prompt.</summary>
    public ImmutableArray<string> ExtraArgs { get; init; } = [];

    /// <summary>What codex inherits of the program's environment.</summary>
    public ProcessEnvironment Environment { get; init; } = new() { Removed = VariablePatterns.Of("MOLECULE_*") };

    /// <summary>What codex and its MCP servers have in their environment and the model's commands do not get.</summary>
    public VariablePatterns HiddenVariables { get; init; } =
        VariablePatterns.Of(
            "TOKEN",
            "*_TOKEN",
            "*_KEY",
            "*APIKEY*",
            "*SECRET*",
            "*PASSWORD*",
            "*PASSWD*",
            "*CREDENTIAL*",
            "AWS_*",
            "AZURE_*",
            "GITHUB_*",
            "MOLECULE_*",
            "OPENAI_*",
            "PLEXUM_*",
            "SSH_AUTH_SOCK"
        );

    /// <summary>
    /// The umask of codex and of its commands, in octal: the permissions that what they create never gets. Null leaves them that of this
    /// process, for which the program sets 077.
    /// </summary>
    public string? Umask { get; init; }

    /// <summary>How codex learns of the host's tools.</summary>
    public ToolRegistrationMode ToolRegistration { get; init; }

    /// <summary>How long codex has after SIGINT before SIGTERM.</summary>
    public TimeSpan InterruptGrace { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long codex has after SIGTERM before SIGKILL.</summary>
    public TimeSpan TerminateGrace { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How long codex has to exit after it reported the end of the turn.</summary>
    public TimeSpan ExitGrace { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a turn may wait for codex to begin it before its readers are told why; null for never.</summary>
    public TimeSpan? WaitingNotice { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>The maximum size of codex's output in a turn, in bytes. A codex that exceeds it is killed.</summary>
    public long MaxOutputBytes { get; init; } = 1024L * 1024 * 1024;

    /// <summary>How much of codex's stderr is kept in its file, in bytes.</summary>
    public long MaxStderrBytes { get; init; } = 16 * 1024 * 1024;
}
