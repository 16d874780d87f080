namespace Plexum.Codex.LoopbackModel.Server;

/// <summary>How an exchange ended.</summary>
public enum ExchangeOutcome
{
    /// <summary>The answer was sent to its end.</summary>
    Answered,

    /// <summary>The failure that the script asked for was sent.</summary>
    Failed,

    /// <summary>The connection was cut in the middle of the stream, as the script asked for.</summary>
    Dropped,

    /// <summary>The stream ended without <c>response.completed</c>, as the script asked for.</summary>
    EndedEarly,

    /// <summary>The request, or the script's answer to it, was refused; <see cref="ModelExchange.Refusal"/> says why.</summary>
    Refused,

    /// <summary>codex went away before the end.</summary>
    ClientGone,

    /// <summary>The server was stopped before the end.</summary>
    ServerStopped,
}
