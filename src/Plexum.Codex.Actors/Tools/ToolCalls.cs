using Akka.Actor;

namespace Plexum.Codex.Tools;

/// <summary>
/// The calls of codex that wait for the host: their ids, and their time limits on the timers of the actor that owns this. Each is answered
/// once, whatever becomes of the host.
/// </summary>
internal sealed class ToolCalls(ITimerScheduler timers, TimeSpan limit)
{
    private readonly Dictionary<string, WaitingCall> _calls = [];

    /// <summary>A call that waits.</summary>
    public sealed record WaitingCall(Guid Operation, string Name, IActorRef Caller);

    /// <summary>The call has waited as long as it may.</summary>
    public sealed record Overdue(string CallId, Guid Operation);

    /// <summary>Notes a call and starts its time.</summary>
    /// <returns>The id under which the host answers it.</returns>
    public string Add(ToolConnectionProtocol.Call call, IActorRef caller)
    {
        var id = UniqueId(call);
        _calls.Add(id, new WaitingCall(call.Operation, call.Name, caller));
        timers.StartSingleTimer(call.Operation, new Overdue(id, call.Operation), limit);
        return id;
    }

    /// <summary>Takes a call out; null when it does not wait.</summary>
    public WaitingCall? Take(string id)
    {
        if (_calls.Remove(id, out var waiting))
        {
            timers.Cancel(waiting.Operation);
        }

        return waiting;
    }

    /// <summary>The call whose time is up; null when it was answered meanwhile.</summary>
    public WaitingCall? Find(Overdue overdue) =>
        _calls.TryGetValue(overdue.CallId, out var waiting) && waiting.Operation == overdue.Operation ? waiting : null;

    /// <summary>The id of a call; null when it does not wait.</summary>
    public string? IdOf(Guid operation) => _calls.FirstOrDefault(call => call.Value.Operation == operation).Key;

    /// <summary>The ids of all that wait.</summary>
    public IReadOnlyList<string> Ids => [.. _calls.Keys];

    // What speaks MCP is codex; that it names each call, and no two alike, is its promise and not ours.
    private string UniqueId(ToolConnectionProtocol.Call call)
    {
        var id = call.CallId ?? call.Operation.ToString("N");
        return _calls.ContainsKey(id) ? $"{id}-{call.Operation:N}" : id;
    }
}
