using Plexum.Codex.AppServer.Running;
using Plexum.Codex.Processes;

namespace Plexum.Codex.AppServer.Server;

/// <summary>What the actor of the node's app-server needs.</summary>
/// <param name="Settings">The settings.</param>
/// <param name="Profile">The profile, in which the servers have their directories.</param>
/// <param name="Binaries">Finds codex and remembers it.</param>
/// <param name="Time">The clock.</param>
public sealed record AppServerServices(AppServerSettings Settings, string Profile, CodexBinarySource Binaries, TimeProvider Time)
{
    /// <summary>What the server inherits of this program's environment.</summary>
    public ProcessEnvironment Environment { get; init; } = new();

    /// <summary>The server's umask in octal; null for that of this process.</summary>
    public string? Umask { get; init; }

    internal ServerLauncher Launcher => new(Profile, Environment, Umask);
}
