using System.Collections.Immutable;
using System.Threading.Channels;
using Akka.Event;
using Plexum.Codex.Tools;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Host.Daemon;

/// <summary>What <see cref="ToolCallsActor"/> takes beside a turn's calls.</summary>
internal static class ToolCallsProtocol
{
    /// <summary>A host begins to read a turn's calls: it gets those that wait, and those to come.</summary>
    /// <param name="TurnId">The turn.</param>
    /// <param name="Calls">Takes the calls.</param>
    public sealed record Read(TurnId TurnId, ChannelWriter<OfferedCall> Calls);

    /// <summary>That host reads no more.</summary>
    /// <param name="TurnId">The turn.</param>
    /// <param name="Calls">What it read from.</param>
    public sealed record StopReading(TurnId TurnId, ChannelWriter<OfferedCall> Calls) : IDeadLetterSuppression;

    /// <summary>A host answers a call. The reply is an <see cref="AnswerHandled"/>.</summary>
    /// <param name="TurnId">The turn.</param>
    /// <param name="CallId">The call.</param>
    /// <param name="Content">The parts of the answer.</param>
    /// <param name="IsError">Whether the tool failed.</param>
    public sealed record Answer(TurnId TurnId, string CallId, ImmutableArray<ToolContent> Content, bool IsError);

    /// <summary>Replies to <see cref="Answer"/>.</summary>
    /// <param name="WasAwaited">Whether the call was waiting; if not, the answer went nowhere.</param>
    public sealed record AnswerHandled(bool WasAwaited);
}

/// <summary>A call that waits for the host.</summary>
/// <param name="Number">Its number, higher than that of every call before it.</param>
/// <param name="Call">The call.</param>
internal sealed record OfferedCall(long Number, ToolBridgeProtocol.CallTool Call);
