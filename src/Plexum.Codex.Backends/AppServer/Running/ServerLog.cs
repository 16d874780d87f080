using Akka.Event;

namespace Plexum.Codex.AppServer.Running;

/// <summary>What the actor of a server logs.</summary>
/// <param name="log">The actor's log.</param>
/// <param name="server">The server.</param>
internal sealed class ServerLog(ILoggingAdapter log, ServerProcess server)
{
    private int Pid => server.Process.Identity.Pid;

    /// <summary>The server takes requests.</summary>
    public void Connected(string version) => log.Info("codex: app-server pid={Pid} version={Version} takes requests", Pid, version);

    /// <summary>The connection to it ended.</summary>
    public void Closed(string why) => log.Warning("codex: the connection to app-server pid={Pid} ended: {Error}", Pid, why);

    /// <summary>Something that it said was left out.</summary>
    public void LeftOut(string what) => log.Warning("codex: app-server pid={Pid}: {Error}", Pid, what);

    /// <summary>Its files cannot be written.</summary>
    public void NotWritten(string why) => log.Warning("codex: the files of app-server pid={Pid} cannot be written: {Error}", Pid, why);

    /// <summary>Its process could not be ended.</summary>
    public void EndFailed(string why) => log.Error("codex: app-server pid={Pid} cannot be ended: {Error}", Pid, why);

    /// <summary>Its process is gone.</summary>
    /// <param name="wasWanted">Whether it was to end.</param>
    /// <param name="how">How it went.</param>
    public void Gone(bool wasWanted, string how)
    {
        if (wasWanted)
        {
            log.Info("codex: app-server pid={Pid} has ended", Pid);
        }
        else
        {
            log.Error("codex: app-server pid={Pid} is gone: {Error}", Pid, how);
        }
    }
}
