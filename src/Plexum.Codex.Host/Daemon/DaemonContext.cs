using System.Reflection;
using Akka.Actor;
using Plexum.Codex.Files;
using Plexum.Codex.Host.Configuration;
using Plexum.Codex.Host.Molecule;
using Plexum.Codex.Ledger;
using Plexum.Codex.Logs;
using Plexum.Codex.Profiles;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Host.Daemon;

/// <summary>What the parts of a running daemon share.</summary>
internal sealed class DaemonContext(HostSettings settings, ITurnLedger ledger) : IDisposable
{
    /// <summary>How long an actor has to answer a request.</summary>
    public static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(30);

    private readonly CancellationTokenSource _stopping = new();
    private DaemonActors? _actors;
    private volatile bool _draining;
    private int _readers;

    /// <summary>The program's version.</summary>
    public static string Version { get; } =
        typeof(DaemonContext).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "0";

    public HostSettings Settings => settings;

    public DaemonActors Actors => _actors ?? throw new InvalidOperationException("The actors are not started yet.");

    public IActorRef Registry => Actors.Agents;

    /// <summary>The root of the profile, an absolute path.</summary>
    public string Profile => settings.Profile.Root;

    public ITurnLedger Ledger => ledger;

    public TimeProvider Time { get; } = TimeProvider.System;

    /// <summary>Where the events of turns are kept.</summary>
    public ITurnLogStore Logs { get; } = new FileTurnLogStore(settings.Profile.Root, TimeProvider.System);

    /// <summary>Tells of the starts and ends of turns.</summary>
    public ITurnNotifier Notifier { get; } = new InMemoryTurnNotifier();

    /// <summary>The inbox that is answered; null where none is.</summary>
    public MoleculeInbox? Inbox { get; init; }

    public DateTimeOffset StartedAt { get; private set; }

    /// <summary>Ends what would never end by itself: the streams of events.</summary>
    public CancellationToken Stopping => _stopping.Token;

    /// <summary>Whether no more turns are taken in.</summary>
    public bool IsClosing => _draining || _stopping.IsCancellationRequested;

    /// <summary>How many streams of events are open.</summary>
    public int Readers => Volatile.Read(ref _readers);

    /// <summary>Whether turns are taken: those of the last run stand before them.</summary>
    public bool IsReady => !IsClosing && Actors.Dispatched.IsCompletedSuccessfully;

    public void Begin(DaemonActors actors)
    {
        _actors = actors;
        StartedAt = Time.GetUtcNow();
    }

    /// <summary>Takes no more turns, and completes when no codex runs any more.</summary>
    public Task DrainAsync()
    {
        _draining = true;
        return Actors.DrainAsync();
    }

    public void Stop() => _stopping.Cancel();

    public void Dispose() => _stopping.Dispose();

    public void ReaderCame() => Interlocked.Increment(ref _readers);

    public void ReaderWent() => Interlocked.Decrement(ref _readers);

    /// <summary>The file of a turn's events.</summary>
    public string EventsFile(AgentId agent, TurnId turn) => TurnDirectory.Of(new AgentDirectory(Profile, agent), turn).EventsFile;
}
