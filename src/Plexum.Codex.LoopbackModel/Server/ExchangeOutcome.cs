namespace Plexum.Codex.LoopbackModel.Server;

/// <summary>How an exchange ended.</summary>
public enum ExchangeOutcome
{
    /// <summary>The whole answer was sent.</summary>
    Answered,

    /// <summary>The script's failure was sent.</summary>
    Failed,

    /// <summary>The connection was dropped in the middle of the stream, as the script requested.</summary>
    Dropped,

    /// <summary>The stream ended without <c>response.completed</c>, as the script requested.</summary>
    EndedEarly,

    /// <summary>The request, or the script's answer to it, was refused; <see cref="ModelExchange.Refusal"/> says why.</summary>
    Refused,

    /// <summary>codex disconnected before the end.</summary>
    ClientGone,

    /// <summary>The server was stopped before the end.</summary>
    ServerStopped,
}
