using System.Collections.Immutable;
using Akka.Actor;
using Akka.Event;
using Plexum.Codex.Tools;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Host.Daemon;

/// <summary>The messages of <see cref="ToolCallsActor"/> besides a turn's calls.</summary>
internal static class ToolCallsProtocol
{
    /// <summary>A host starts reading a turn's calls: the waiting ones, then new ones.</summary>
    /// <param name="TurnId">The turn.</param>
    /// <param name="Reader">Receives each call as an <see cref="OfferedCall"/>.</param>
    public sealed record Read(TurnId TurnId, IActorRef Reader);

    /// <summary>The host has stopped reading.</summary>
    /// <param name="TurnId">The turn.</param>
    /// <param name="Reader">The reader given in <see cref="Read"/>.</param>
    public sealed record StopReading(TurnId TurnId, IActorRef Reader) : IDeadLetterSuppression;

    /// <summary>A host answers a call. The reply is an <see cref="AnswerHandled"/>.</summary>
    /// <param name="TurnId">The turn.</param>
    /// <param name="CallId">The call.</param>
    /// <param name="Content">The parts of the answer.</param>
    /// <param name="IsError">Whether the tool failed.</param>
    public sealed record Answer(TurnId TurnId, string CallId, ImmutableArray<ToolContent> Content, bool IsError);

    /// <summary>Replies to <see cref="Answer"/>.</summary>
    /// <param name="WasAwaited">Whether the call was waiting; if not, the answer was dropped.</param>
    public sealed record AnswerHandled(bool WasAwaited);
}

/// <summary>A call that waits for the host.</summary>
/// <param name="Number">The call's number, higher than that of every earlier call.</param>
/// <param name="Call">The call.</param>
internal sealed record OfferedCall(long Number, ToolBridgeProtocol.CallTool Call);
