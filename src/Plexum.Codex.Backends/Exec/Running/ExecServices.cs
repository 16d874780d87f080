using Akka.Actor;
using Plexum.Codex.Backend;
using Plexum.Codex.Processes;
using Plexum.Codex.Sandboxing;

namespace Plexum.Codex.Exec.Running;

/// <summary>What <c>codex exec</c> needs.</summary>
/// <param name="Settings">The settings.</param>
/// <param name="Binaries">Finds codex and remembers it.</param>
/// <param name="Time">The clock.</param>
public sealed record ExecServices(ExecSettings Settings, CodexBinarySource Binaries, TimeProvider Time)
{
    /// <summary>The <see cref="Tools.CodexConfigActor"/>; null if this program never edits codex's configuration.</summary>
    public IActorRef? CodexConfig { get; init; }

    /// <summary>The threads that a running codex holds although no turn of theirs runs; exec needs the thread for itself.</summary>
    public ILoadedThreads Loaded { get; init; } = NoLoadedThreads.Instance;

    /// <summary>What confined commands can reach and cannot read.</summary>
    public ConfinedSettings Confined { get; init; } = new();

    /// <summary>Prepares the sandboxes of turns.</summary>
    internal SandboxPreparation Sandboxes => new(Confined, Settings.CodexHome, Settings.Environment, Settings.ExtraArgs, Time);
}
