using Akka.Event;
using Plexum.Codex.AppServer.Wire;
using Plexum.Codex.Processes;

namespace Plexum.Codex.AppServer.Threads;

/// <summary>What the actor logs, and the messages that it sends itself.</summary>
internal sealed partial class ServerActor
{
    private readonly ILoggingAdapter _log = Context.GetLogger();

    private int Pid => _server.Process.Identity.Pid;

    private void LogConnected(string version) => _log.Info("codex: app-server pid={Pid} version={Version} takes requests", Pid, version);

    private void LogClosed(string why) => _log.Warning("codex: the connection to app-server pid={Pid} ended: {Error}", Pid, why);

    private void LogLeftOut(string what) => _log.Warning("codex: app-server pid={Pid}: {Error}", Pid, what);

    private void LogNotWritten(string why) => _log.Warning("codex: the files of app-server pid={Pid} cannot be written: {Error}", Pid, why);

    private void LogEndFailed(string why) => _log.Error("codex: app-server pid={Pid} cannot be ended: {Error}", Pid, why);

    private void LogGone(string how)
    {
        if (_isWanted)
        {
            _log.Info("codex: app-server pid={Pid} has ended", Pid);
        }
        else
        {
            _log.Error("codex: app-server pid={Pid} is gone: {Error}", Pid, how);
        }
    }

    private sealed record Connected(int Attempt, AppServerConnection Connection);

    private sealed record NotConnected(int Attempt, AppServerFault Fault) : IDeadLetterSuppression;

    private sealed record ConnectAgain : IDeadLetterSuppression
    {
        public static ConnectAgain Instance { get; } = new();
    }

    private sealed record FromServer(int Attempt, AppServerReport Report) : IDeadLetterSuppression;

    private sealed record Exited(ProcessExit Exit) : IDeadLetterSuppression;

    private sealed record CleanedUp(ProcessExit Exit, string Words) : IDeadLetterSuppression;

    /// <summary>The process could not be ended.</summary>
    internal sealed record EndFailed(string Reason) : IDeadLetterSuppression;

    private sealed record EndAgain : IDeadLetterSuppression
    {
        public static EndAgain Instance { get; } = new();
    }

    private sealed record CheckOutput
    {
        public static CheckOutput Instance { get; } = new();
    }
}
