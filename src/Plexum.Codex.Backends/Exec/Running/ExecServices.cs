using Akka.Actor;
using Akka.Event;
using Plexum.Codex.Backend;
using Plexum.Codex.Processes;
using Plexum.Codex.Rollouts;
using Plexum.Codex.Sandboxing;
using Plexum.Codex.Threads;
using Plexum.Codex.Turns;

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

    /// <summary>
    /// Hides the host tools that codex's app-server began the thread with: codex exec offers them to the model and fails every call of them
    /// (measured on 0.169.0 and 0.171.0). If they cannot be hidden, the turn runs all the same.
    /// </summary>
    internal async Task HideHostToolsAsync(ThreadId thread, ILoggingAdapter log)
    {
        try
        {
            await new ThreadTools(Settings.CodexHome, Loaded, Time).ShowAsync(thread, null).ConfigureAwait(false);
        }
        catch (Exception e) when (e is ThreadBusyException or IOException or UnauthorizedAccessException)
        {
            log.Warning("codex: the host tools that thread {Thread} was begun with cannot be hidden: {Error}", thread, e.Message);
        }
    }
}
