using Akka.Actor;
using Akka.Event;
using Plexum.Codex.AppServer.Running;
using Plexum.Codex.AppServer.Server;
using Plexum.Codex.AppServer.Threads;
using Plexum.Codex.AppServer.Wire;

namespace Plexum.Codex.AppServer.Node;

/// <summary>What <see cref="AppServerActor"/> sends itself.</summary>
internal static class NodeMessages
{
    public sealed record Found(FoundServers Servers, ServerProcess? Current) : IDeadLetterSuppression;

    public sealed record NotFound(string Reason) : IDeadLetterSuppression;

    public sealed record FoundLater(FoundServers Servers) : IDeadLetterSuppression;

    public sealed record Chosen(AppServerProtocol.OpenThread Open, IActorRef Run, ServerOrigin? Wanted) : IDeadLetterSuppression;

    public sealed record Started(ServerProcess Server);

    public sealed record NotStarted(AppServerFault Fault) : IDeadLetterSuppression;

    public sealed record Ended(IActorRef Child, ServerProtocol.Gone Gone) : IDeadLetterSuppression;

    public sealed record BackOffOver : IDeadLetterSuppression
    {
        public static BackOffOver Instance { get; } = new();
    }

    public sealed record CheckOpens : IDeadLetterSuppression
    {
        public static CheckOpens Instance { get; } = new();
    }

    public sealed record LookAgain : IDeadLetterSuppression
    {
        public static LookAgain Instance { get; } = new();
    }

    public sealed record Stable : IDeadLetterSuppression
    {
        public static Stable Instance { get; } = new();
    }
}
