using Akka.Actor;
using Plexum.Codex.Ledger;
using Plexum.Codex.Logs;
using Plexum.Codex.Processes;
using Plexum.Codex.Tools;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Agents;

/// <summary>What all agents of a process share.</summary>
/// <param name="Profile">The root of the profile, an absolute path.</param>
/// <param name="Settings">The settings.</param>
/// <param name="Binaries">Finds codex, once.</param>
/// <param name="Time">The clock of records and waits.</param>
public sealed record AgentEnvironment(string Profile, CodexSettings Settings, CodexBinarySource Binaries, TimeProvider Time)
{
    /// <summary>What is written down of turns; a command that runs its own turns keeps nothing.</summary>
    public ITurnLedger Ledger { get; init; } = NoLedger.Instance;

    /// <summary>Where the events of turns are kept.</summary>
    public ITurnLogStore Logs { get; init; } = new FileTurnLogStore(Profile, Time);

    /// <summary>Hears of the starts and ends of turns.</summary>
    public ITurnNotifier Notifier { get; init; } = new InMemoryTurnNotifier();

    /// <summary>The <see cref="Plexum.Codex.Admission.AdmissionActor"/> that grants slots for codex; null where every turn may run at once.</summary>
    public IActorRef? Admission { get; init; }

    /// <summary>The program that codex starts to reach the host's tools.</summary>
    public RelayProgram Relay { get; init; } = RelayProgram.OfThisProcess();

    /// <summary>The <see cref="CodexConfigActor"/>; null where codex's configuration is never edited.</summary>
    public IActorRef? CodexConfig { get; init; }

    /// <summary>Who gets the tool calls of turns whose host is not in this process any more; null for nobody.</summary>
    public IActorRef? ToolHost { get; init; }
}
