using Akka.Actor;
using Akka.Event;
using Plexum.Codex.AppServer.Running;
using Plexum.Codex.AppServer.Server;
using Plexum.Codex.AppServer.Threads;
using Plexum.Codex.AppServer.Wire;
using Plexum.Codex.Processes;

namespace Plexum.Codex.AppServer.Node;

/// <summary>What the actor logs, and the messages that it sends itself.</summary>
public sealed partial class AppServerActor
{
    private readonly ILoggingAdapter _log = Context.GetLogger();

    private void LogLooked(int running, int leftovers)
    {
        if (running + leftovers > 0)
        {
            _log.Info("codex: found app-servers={Servers} threads left archived={Threads}", running, leftovers);
        }
    }

    private void LogNotFound(string why) => _log.Error("codex: it cannot be known whether an app-server was left: {Error}", why);

    private void LogStarted(int pid, string binary) => _log.Info("codex: started app-server pid={Pid} binary={Binary}", pid, binary);

    private void LogNotStarted(string why) => _log.Error("codex: app-server was not started: {Error}", why);

    private void LogReplaced(int pid, string binary) =>
        _log.Info("codex: app-server pid={Pid} ends once its turns have, because codex is now {Binary}", pid, binary);

    private void LogUpkeepFailed(string why) => _log.Warning("codex: the files of app-server cannot be kept: {Error}", why);

    private sealed record Found(FoundServers Servers, CodexBinary? Wanted) : IDeadLetterSuppression;

    private sealed record NotFound(string Reason) : IDeadLetterSuppression;

    private sealed record Chosen(AppServerProtocol.OpenThread Open, IActorRef Run, CodexBinary Binary) : IDeadLetterSuppression;

    private sealed record NotChosen(AppServerProtocol.OpenThread Open, IActorRef Run, AppServerFault Fault) : IDeadLetterSuppression;

    private sealed record Started(ServerProcess Server);

    private sealed record NotStarted(AppServerFault Fault) : IDeadLetterSuppression;

    private sealed record Ended(IActorRef Child, ServerProtocol.Gone Gone) : IDeadLetterSuppression;

    private sealed record BackOffOver : IDeadLetterSuppression
    {
        public static BackOffOver Instance { get; } = new();
    }

    private sealed record Stable : IDeadLetterSuppression
    {
        public static Stable Instance { get; } = new();
    }
}
