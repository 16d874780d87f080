using System.Collections.Immutable;
using Plexum.Codex.Exec.Tools;
using Plexum.Codex.Processes;

namespace Plexum.Codex.Exec.Running;

/// <summary>How <c>codex exec</c> is run.</summary>
public sealed record ExecSettings
{
    /// <summary>codex's home, where it keeps threads and their locks.</summary>
    public required string CodexHome { get; init; }

    /// <summary>Arguments put before the prompt.</summary>
    public ImmutableArray<string> ExtraArgs { get; init; } = [];

    /// <summary>The part of the program's environment that codex inherits.</summary>
    public ProcessEnvironment Environment { get; init; } = new();

    /// <summary>How codex learns of the host's tools.</summary>
    public ToolRegistrationMode ToolRegistration { get; init; }

    /// <summary>The time between SIGINT and SIGTERM.</summary>
    public TimeSpan InterruptGrace { get; init; }

    /// <summary>The time between SIGTERM and SIGKILL.</summary>
    public TimeSpan TerminateGrace { get; init; }

    /// <summary>The time codex has to exit after it reported the end of the turn.</summary>
    public TimeSpan ExitGrace { get; init; }

    /// <summary>The cap of the stderr file, in bytes (<see cref="StderrFile.EnforceCap"/>).</summary>
    public long MaxStderrBytes { get; init; }
}
