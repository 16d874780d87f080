using Akka.Actor;

namespace Plexum.Codex.Tools;

/// <summary>
/// codex's calls that wait for the host: their ids, and their time limits on the timers of the actor that owns this. Each is answered
/// once, even if the host is gone.
/// </summary>
internal sealed class ToolCalls(ITimerScheduler timers, TimeSpan limit)
{
    private readonly Dictionary<string, WaitingCall> _calls = [];

    /// <summary>A waiting call.</summary>
    public sealed record WaitingCall(Guid Operation, string Name, IActorRef Caller);

    /// <summary>The call's time limit has passed.</summary>
    public sealed record Overdue(string CallId, Guid Operation);

    /// <summary>Adds a call and starts its time limit.</summary>
    /// <returns>The id under which the host answers it.</returns>
    public string Add(ToolConnectionProtocol.Call call, IActorRef caller)
    {
        var id = UniqueId(call);
        _calls.Add(id, new WaitingCall(call.Operation, call.Name, caller));
        timers.StartSingleTimer(call.Operation, new Overdue(id, call.Operation), limit);
        return id;
    }

    /// <summary>Removes a call; null if it is not waiting.</summary>
    public WaitingCall? Take(string id)
    {
        if (_calls.Remove(id, out var waiting))
        {
            timers.Cancel(waiting.Operation);
        }

        return waiting;
    }

    /// <summary>The call whose time is up; null if it has been answered.</summary>
    public WaitingCall? Find(Overdue overdue) =>
        _calls.TryGetValue(overdue.CallId, out var waiting) && waiting.Operation == overdue.Operation ? waiting : null;

    /// <summary>The id of a call; null if it is not waiting.</summary>
    public string? IdOf(Guid operation) => _calls.FirstOrDefault(call => call.Value.Operation == operation).Key;

    /// <summary>The ids of all waiting calls.</summary>
    public IReadOnlyList<string> Ids => [.. _calls.Keys];

    // Only codex speaks MCP here, but nothing makes it give each call a different id.
    private string UniqueId(ToolConnectionProtocol.Call call)
    {
        var id = call.CallId ?? call.Operation.ToString("N");
        return _calls.ContainsKey(id) ? $"{id}-{call.Operation:N}" : id;
    }
}
