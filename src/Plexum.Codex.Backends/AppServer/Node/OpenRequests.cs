using System.Globalization;
using Akka.Actor;
using Plexum.Codex.AppServer.Server;
using Plexum.Codex.AppServer.Threads;
using Plexum.Codex.AppServer.Wire;
using Plexum.Codex.Turns;

namespace Plexum.Codex.AppServer.Node;

/// <summary>
/// What the servers' actors were asked to open and have not answered. An actor that fails answers nothing more, so the answer is given in
/// its place. Used in the turn of the node's actor only.
/// </summary>
internal sealed class OpenRequests(AppServerSettings settings, TimeProvider time)
{
    /// <summary>How often it is looked for requests that take too long.</summary>
    public static readonly TimeSpan CheckInterval = TimeSpan.FromSeconds(5);

    private readonly Dictionary<TurnId, (AppServerProtocol.OpenThread Open, IActorRef Run, IActorRef Server, long Since)> _requests = [];

    // A start, and behind it archive, unarchive and resume.
    private TimeSpan Limit => settings.StartLimit + (settings.RequestLimit * 4);

    /// <summary>A server's actor is asked.</summary>
    public void Add(AppServerProtocol.OpenThread open, IActorRef run, IActorRef server) =>
        _requests[open.TurnId] = (open, run, server, time.GetTimestamp());

    /// <summary>It has answered.</summary>
    public void Remove(TurnId turn) => _requests.Remove(turn);

    /// <summary>A server's actor has failed.</summary>
    /// <param name="server">The server's actor; null for every one.</param>
    /// <param name="fault">What those who asked it are told.</param>
    public void TellLost(IActorRef? server, AppServerFault fault)
    {
        foreach (var (open, run) in Take(server))
        {
            ServerThreads.Refuse(run, open, fault);
        }
    }

    /// <summary>Takes back what a server's actor was asked and has not answered, now that it cannot answer any more.</summary>
    /// <param name="server">The server's actor; null for every one.</param>
    public (AppServerProtocol.OpenThread Open, IActorRef Run)[] Take(IActorRef? server)
    {
        var taken = _requests.Values.Where(it => server is null || server.Equals(it.Server)).ToArray();
        foreach (var request in taken)
        {
            _requests.Remove(request.Open.TurnId);
        }

        return [.. taken.Select(request => (request.Open, request.Run))];
    }

    /// <summary>Answers what has taken too long.</summary>
    public void RefuseOverdue()
    {
        foreach (var (turn, request) in _requests.Where(pair => time.GetElapsedTime(pair.Value.Since) > Limit).ToArray())
        {
            _requests.Remove(turn);
            var text = string.Create(
                CultureInfo.InvariantCulture,
                $"codex app-server did not open the thread within {Limit.TotalSeconds:0.#} s. Try again, or restart plexum-codex."
            );
            ServerThreads.Refuse(request.Run, request.Open, new AppServerFault(AppServerFaultKind.NoAnswer, text));
        }
    }
}
