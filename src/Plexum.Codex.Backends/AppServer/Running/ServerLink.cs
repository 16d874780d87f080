using System.Text.Json;
using System.Text.Json.Nodes;
using Akka.Actor;
using Akka.Event;
using Plexum.Codex.AppServer.Wire;

namespace Plexum.Codex.AppServer.Running;

/// <summary>
/// How the actor of a server and its parts ask it: what follows an answer runs in the actor's turn. Used in that turn only.
/// </summary>
internal sealed class ServerLink(IActorContext context, ServerProcess server, Func<ITimerScheduler> timers)
{
    private readonly Dictionary<long, Action<AppServerReport.Done>> _pending = [];
    private AppServerConnection? _connection;

    /// <summary>The server.</summary>
    public ServerProcess Server => server;

    /// <summary>The server's actor.</summary>
    public IActorRef Self => context.Self;

    /// <summary>Its parent.</summary>
    public IActorRef Parent => context.Parent;

    /// <summary>What the server calls itself; empty if it did not tell.</summary>
    public string UserAgent { get; private set; } = "";

    /// <summary>Uses a new connection.</summary>
    public void Use(AppServerConnection connection)
    {
        _connection = connection;
        UserAgent = connection.UserAgent;
    }

    /// <summary>Ends the connection. What waits for an answer gets a fault, so that nobody waits for ever.</summary>
    public void Drop()
    {
        _connection?.Dispose();
        _connection = null;
        foreach (var request in _pending.Keys.Order().ToArray())
        {
            Complete(new AppServerReport.Done(request, default, Down("The connection to codex app-server is over.")));
        }
    }

    /// <summary>Ends the connection because this program no longer looks after the server: nobody is told anything.</summary>
    public void Leave()
    {
        _pending.Clear();
        Drop();
    }

    /// <summary>Asks the server.</summary>
    /// <param name="method">The method.</param>
    /// <param name="parameters">The parameters; null for none.</param>
    /// <param name="then">What follows the answer, or the fault that there will be none.</param>
    public void Ask(string method, JsonObject? parameters, Action<AppServerReport.Done> then)
    {
        if (_connection is { } connection)
        {
            _pending[connection.Ask(method, parameters)] = then;
        }
        else
        {
            then(new AppServerReport.Done(0, default, Down("codex app-server is not connected.")));
        }
    }

    /// <summary>Does what follows an answer.</summary>
    public void Complete(AppServerReport.Done done)
    {
        if (_pending.Remove(done.Request, out var then))
        {
            then(done);
        }
    }

    /// <summary>Answers a question of the server.</summary>
    public void Answer(JsonElement question, JsonObject result) => _connection?.Reply(question, result);

    /// <summary>Answers a question of the server with an error.</summary>
    public void Decline(JsonElement question, string why) => _connection?.ReplyError(question, why);

    /// <summary>Sends the actor a message later.</summary>
    public void After(TimeSpan time, object message) => timers().StartSingleTimer(message, message, time);

    /// <summary>Changes the server's record outside the actor. What fails is logged.</summary>
    public void Write(Action change) => FileWork.Run(change).PipeTo(Self, failure: e => new NotWritten(e.Message));

    /// <summary>Gets a <see cref="Terminated"/> when a run stops.</summary>
    public void Watch(IActorRef run) => context.Watch(run);

    /// <summary>No longer.</summary>
    public void Unwatch(IActorRef run) => context.Unwatch(run);

    private static AppServerFault Down(string message) => new(AppServerFaultKind.ServerDown, message);

    /// <summary>A file of the server could not be written.</summary>
    public sealed record NotWritten(string Reason) : IDeadLetterSuppression;
}
