using Akka.Event;
using Plexum.Codex.AppServer.Wire;
using Plexum.Codex.Processes;

namespace Plexum.Codex.AppServer.Threads;

/// <summary>What <see cref="ServerActor"/> sends itself.</summary>
internal static class ServerMessages
{
    public sealed record Connected(int Attempt, AppServerConnection Connection);

    public sealed record NotConnected(int Attempt, AppServerFault Fault) : IDeadLetterSuppression;

    public sealed record ConnectAgain : IDeadLetterSuppression
    {
        public static ConnectAgain Instance { get; } = new();
    }

    public sealed record FromServer(int Attempt, AppServerReport Report) : IDeadLetterSuppression;

    public sealed record Exited(ProcessExit Exit) : IDeadLetterSuppression;

    public sealed record CleanedUp(ProcessExit Exit, string Words) : IDeadLetterSuppression;

    public sealed record EndAgain : IDeadLetterSuppression
    {
        public static EndAgain Instance { get; } = new();
    }

    public sealed record CheckOutput
    {
        public static CheckOutput Instance { get; } = new();
    }
}
