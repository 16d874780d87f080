using System.Text.Json.Nodes;
using Akka.Actor;
using Plexum.Codex.AppServer.Running;
using Plexum.Codex.AppServer.Server;
using Plexum.Codex.AppServer.Wire;

namespace Plexum.Codex.AppServer.Threads;

/// <summary>
/// Starts turns in the threads of one server, and asks it whatever else their runs want. Used in the turn of its actor only.
/// </summary>
internal sealed class ServerTurns(ServerLink link, ThreadTable table)
{
    /// <summary>Starts a turn.</summary>
    public void StartTurn(AppServerProtocol.StartTurn start, IActorRef run)
    {
        if (table.Loaded(start.Thread) is not { } thread || !run.Equals(thread.Run))
        {
            No(AppServerFaultKind.NoSuchThread, "The thread was not opened by this turn.");
        }
        else if (thread.IsRunning)
        {
            No(AppServerFaultKind.Busy, "The thread runs another turn, so this one would be added to that.");
        }
        else
        {
            var parameters = (JsonObject)start.Parameters.DeepClone();
            parameters["threadId"] = $"{start.Thread}";
            (thread.IsStarting, thread.AwaitsTurn, thread.HasRollout) = (true, false, true);
            table.Use(thread);
            table.TellLoad();
            link.Ask(AppServerMethods.StartTurn, parameters, done => OnStarted(thread, start, run, done));
        }

        void No(AppServerFaultKind kind, string why) =>
            run.Tell(new AppServerProtocol.Refused(start.TurnId, new AppServerFault(kind, why)) { Method = AppServerMethods.StartTurn });
    }

    /// <summary>Asks the server anything else.</summary>
    public void Ask(AppServerProtocol.Ask ask, IActorRef run)
    {
        if (table.Loaded(ask.Thread) is { } thread)
        {
            thread.HasRollout = true;
            link.Ask(ask.Method, ask.Parameters, done =>
                run.Tell(
                    done.Fault is { } fault
                        ? new AppServerProtocol.Refused(ask.TurnId, fault) { Method = ask.Method, Number = ask.Number }
                        : new AppServerProtocol.Answered(ask.TurnId, ask.Method, done.Result) { Number = ask.Number }
                )
            );
        }
        else
        {
            run.Tell(new AppServerProtocol.Refused(ask.TurnId, ServerThreads.NotLoaded) { Method = ask.Method, Number = ask.Number });
        }
    }

    private void OnStarted(LoadedThread thread, AppServerProtocol.StartTurn start, IActorRef run, AppServerReport.Done done)
    {
        thread.IsStarting = false;
        var fault = done.Fault;
        if (fault is null && ServerJson.TurnOf(done.Result) is { } turn)
        {
            thread.NoteStarted(turn);
            run.Tell(new AppServerProtocol.TurnStarted(start.TurnId, turn));
        }
        else
        {
            fault ??= new AppServerFault(AppServerFaultKind.Unreadable, "codex app-server began a turn without an id.");
            run.Tell(new AppServerProtocol.Refused(start.TurnId, fault) { Method = AppServerMethods.StartTurn });
            if (fault.Kind == AppServerFaultKind.NoSuchThread && table.Loaded(thread.Id) == thread)
            {
                // Whatever became of it: the next attempt loads it anew.
                table.Remove(thread);
            }
        }

        table.TellLoad();
    }
}
