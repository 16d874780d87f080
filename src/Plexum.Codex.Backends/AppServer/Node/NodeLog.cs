using Akka.Event;
using Plexum.Codex.AppServer.Running;

namespace Plexum.Codex.AppServer.Node;

/// <summary>What <see cref="AppServerActor"/> logs.</summary>
/// <param name="log">The actor's log.</param>
internal sealed class NodeLog(ILoggingAdapter log)
{
    /// <summary>It looked for what an earlier program left.</summary>
    public void Looked(FoundServers found)
    {
        if (found.Running.Length + found.Leftovers.Length > 0)
        {
            log.Info("codex: found app-servers={Servers} threads left archived={Threads}", found.Running.Length, found.Leftovers.Length);
        }

        foreach (var problem in found.Problems)
        {
            NotFound(problem);
        }
    }

    /// <summary>It could not look.</summary>
    public void NotFound(string why) => log.Error("codex: it cannot be known whether an app-server was left: {Error}", why);

    /// <summary>A server was started.</summary>
    public void Started(int pid, string binary) => log.Info("codex: started app-server pid={Pid} binary={Binary}", pid, binary);

    /// <summary>No server was started.</summary>
    public void NotStarted(string why) => log.Error("codex: app-server was not started: {Error}", why);

    /// <summary>A server is not the wanted one any more.</summary>
    public void Replaced(int pid, ServerOrigin old, ServerOrigin wanted) =>
        log.Info("codex: app-server pid={Pid} ends once its turns have, because {Reason}", pid, wanted.ChangeSince(old));

    /// <summary>The files of a server cannot be kept.</summary>
    public void UpkeepFailed(string why) => log.Warning("codex: the files of app-server cannot be kept: {Error}", why);
}
