using Akka.Event;
using Plexum.Codex.AppServer.Running;

namespace Plexum.Codex.AppServer.Node;

/// <summary>What the actor logs.</summary>
public sealed partial class AppServerActor
{
    private readonly ILoggingAdapter _log = Context.GetLogger();

    private void LogLooked(FoundServers found)
    {
        if (found.Running.Length + found.Leftovers.Length > 0)
        {
            _log.Info("codex: found app-servers={Servers} threads left archived={Threads}", found.Running.Length, found.Leftovers.Length);
        }

        foreach (var problem in found.Problems)
        {
            LogNotFound(problem);
        }
    }

    private void LogNotFound(string why) => _log.Error("codex: it cannot be known whether an app-server was left: {Error}", why);

    private void LogStarted(int pid, string binary) => _log.Info("codex: started app-server pid={Pid} binary={Binary}", pid, binary);

    private void LogNotStarted(string why) => _log.Error("codex: app-server was not started: {Error}", why);

    private void LogReplaced(int pid, ServerOrigin old, ServerOrigin wanted) =>
        _log.Info("codex: app-server pid={Pid} ends once its turns have, because {Reason}", pid, wanted.ChangeSince(old));

    private void LogUpkeepFailed(string why) => _log.Warning("codex: the files of app-server cannot be kept: {Error}", why);
}
