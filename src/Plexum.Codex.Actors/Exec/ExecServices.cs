using Akka.Actor;
using Plexum.Codex.Exec.Tools;
using Plexum.Codex.Exec.Running;
using Plexum.Codex.Processes;

namespace Plexum.Codex.Exec;

/// <summary>What <c>codex exec</c> needs.</summary>
/// <param name="Settings">The settings.</param>
/// <param name="Binaries">Finds codex, once.</param>
/// <param name="Time">The clock.</param>
public sealed record ExecServices(ExecSettings Settings, CodexBinarySource Binaries, TimeProvider Time)
{
    /// <summary>The <see cref="Tools.CodexConfigActor"/>; null where codex's configuration is never edited.</summary>
    public IActorRef? CodexConfig { get; init; }
}
