using System.Text.Json.Nodes;
using Akka.Actor;
using Plexum.Codex.AppServer.Server;
using Plexum.Codex.AppServer.Turns.Setup;
using Plexum.Codex.AppServer.Wire;
using Plexum.Codex.Turns;

namespace Plexum.Codex.AppServer.Turns.Steps;

/// <summary>What a turn asks the server about its thread. Belongs to an actor, which gets the answers.</summary>
/// <param name="server">The server's actor.</param>
/// <param name="turn">The turn.</param>
internal sealed class ServerThread(IActorRef server, TurnId turn)
{
    public const string SteerMethod = "turn/steer";
    public const string InterruptMethod = AppServerMethods.Interrupt;
    public const string CleanMethod = "thread/backgroundTerminals/clean";

    /// <summary>The thread; null before it is opened.</summary>
    public ThreadId? Id { get; set; }

    /// <summary>Whether the server has been asked to start the turn.</summary>
    public bool HasAsked { get; private set; }

    /// <summary>Another attempt begins.</summary>
    public void Renew() => (Id, HasAsked) = (null, false);

    /// <param name="thread">The thread; null for a new one.</param>
    /// <param name="setup">How it is loaded.</param>
    /// <param name="rollout">See <see cref="AppServerProtocol.OpenThread.Rollout"/>.</param>
    public void Open(ThreadId? thread, ThreadSetup setup, string? rollout) =>
        server.Tell(new AppServerProtocol.OpenThread(turn, thread, setup) { Rollout = rollout });

    /// <summary>Looks for the turn in the server that an earlier process of this program left it to.</summary>
    public void Reopen(ThreadId thread, ThreadSetup setup) =>
        server.Tell(new AppServerProtocol.OpenThread(turn, thread, setup) { Reattach = true });

    public void Start(JsonObject parameters)
    {
        HasAsked = true;
        server.Tell(new AppServerProtocol.StartTurn(turn, Id!.Value, parameters));
    }

    public void Interrupt(string serverTurn) => Ask(InterruptMethod, 0, ("turnId", serverTurn));

    /// <param name="serverTurn">The server's id of the turn.</param>
    /// <param name="number">The number that the reply repeats.</param>
    /// <param name="text">The text to add.</param>
    public void Steer(string serverTurn, int number, string text) =>
        Ask(SteerMethod, number, ("expectedTurnId", serverTurn), ("input", new JsonArray(TurnParameters.Text(text))));

    /// <summary>Ends what the thread's commands left running.</summary>
    public void Clean() => Ask(CleanMethod, 0);

    /// <summary>Unloads the thread, after which it runs nothing any more.</summary>
    public void Unload() => server.Tell(new AppServerProtocol.Unload(Id!.Value));

    /// <summary>Listens no longer.</summary>
    public void Close()
    {
        if (Id is { } thread)
        {
            server.Tell(new AppServerProtocol.CloseThread(turn, thread));
        }
    }

    private void Ask(string method, int number, params (string Name, JsonNode Value)[] more)
    {
        var parameters = new JsonObject { ["threadId"] = Id!.Value.ToString() };
        foreach (var (name, value) in more)
        {
            parameters[name] = value;
        }

        server.Tell(new AppServerProtocol.Ask(turn, Id!.Value, method, parameters) { Number = number });
    }
}
