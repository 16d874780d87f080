using System.Collections.Immutable;
using Akka.Actor;
using Akka.Event;
using Plexum.Codex.AppServer.Server;
using Plexum.Codex.AppServer.Wire;
using Plexum.Codex.Turns;

namespace Plexum.Codex.AppServer.Threads;

/// <summary>
/// The messages between <c>AppServerActor</c> and its <see cref="ServerActor"/>s, beside those of <see cref="AppServerProtocol"/>,
/// which it forwards.
/// </summary>
internal static class ServerProtocol
{
    /// <summary>From a server's actor to its parent.</summary>
    public interface IReport : IDeadLetterSuppression;

    /// <summary>The server takes requests.</summary>
    /// <param name="Threads">The threads that it has loaded.</param>
    /// <param name="Version">The version of codex; null if it did not tell.</param>
    public sealed record Ready(ImmutableArray<ThreadId> Threads, string? Version) : IReport;

    /// <summary>The server has this thread, and this run listens to it for this turn.</summary>
    public sealed record Holds(ThreadId Thread, TurnId Turn, IActorRef Run) : IReport;

    /// <summary>The turn's request to open a thread was refused.</summary>
    public sealed record NotOpened(TurnId Turn) : IReport;

    /// <summary>The server no longer has this thread, and its writer lock is free.</summary>
    public sealed record LetGo(ThreadId Thread) : IReport;

    /// <summary>The server has taken a thread out of the archive, in which another one had left it.</summary>
    public sealed record TakenOut(ThreadId Thread) : IReport;

    /// <summary>How much the server does.</summary>
    public sealed record Load(int Threads, int Running) : IReport;

    /// <summary>The server takes no new threads, because somebody else told it to end.</summary>
    public sealed record Leaving : IReport
    {
        /// <summary>The only instance.</summary>
        public static Leaving Instance { get; } = new();
    }

    /// <summary>The server cannot be ended, which is tried again. Nothing is asked of it any more, and nobody need wait for it.</summary>
    public sealed record Stuck : IReport
    {
        /// <summary>The only instance.</summary>
        public static Stuck Instance { get; } = new();
    }

    /// <summary>The server's process has ended and its files are gone. The actor stops.</summary>
    /// <param name="Fault">How.</param>
    /// <param name="WasWanted">Whether it was told to end.</param>
    /// <param name="Leftovers">The threads that it may have left archived.</param>
    public sealed record Gone(AppServerFault Fault, bool WasWanted, ImmutableArray<ThreadId> Leftovers) : IReport;

    /// <summary>
    /// To a server's actor: take these threads out of codex's archive, where a server that has ended may have left them.
    /// <see cref="TakenOut"/> follows for each.
    /// </summary>
    public sealed record TakeOut(ImmutableArray<ThreadId> Threads);

    /// <summary>To a server's actor: take no new threads, and end once no turn runs.</summary>
    public sealed record Drain
    {
        /// <summary>The only instance.</summary>
        public static Drain Instance { get; } = new();
    }

    /// <summary>
    /// To a server's actor: end now. With turns running or about to run, only if that is asked for; what waits for a thread goes back to
    /// the parent then. <see cref="Gone"/> or <see cref="Stays"/> follows.
    /// </summary>
    public sealed record End(bool EvenWithTurns);

    /// <summary>The server goes on, because turns run or are about to.</summary>
    public sealed record Stays : IReport
    {
        /// <summary>The only instance.</summary>
        public static Stays Instance { get; } = new();
    }
}
