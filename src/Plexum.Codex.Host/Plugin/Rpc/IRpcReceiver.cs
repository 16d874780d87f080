using System.Text.Json;

namespace Plexum.Codex.Host.Plugin.Rpc;

/// <summary>Handles the messages of a host.</summary>
internal interface IRpcReceiver
{
    /// <summary>Whether <see cref="AnswerAsync"/> handles requests for this method.</summary>
    bool Knows(string method);

    /// <summary>Handles a request. Called concurrently.</summary>
    /// <exception cref="RpcException">The request failed; this is the error to answer with.</exception>
    Task<RpcReply> AnswerAsync(RpcMessage.Request request, CancellationToken cancellationToken);

    /// <summary>Handles every other message, one at a time.</summary>
    Task PassOnAsync(RpcMessage message, CancellationToken cancellationToken);
}

/// <summary>The answer to a request.</summary>
/// <param name="Result">Writes the result.</param>
/// <param name="Afterwards">Called once the answer is written; may be null.</param>
internal sealed record RpcReply(Action<Utf8JsonWriter> Result, Action? Afterwards = null);
