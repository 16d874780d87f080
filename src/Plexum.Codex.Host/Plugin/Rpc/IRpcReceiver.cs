using System.Text.Json;

namespace Plexum.Codex.Host.Plugin.Rpc;

/// <summary>Takes what a host sends.</summary>
internal interface IRpcReceiver
{
    /// <summary>Whether requests of that method are answered by <see cref="AnswerAsync"/>.</summary>
    bool Knows(string method);

    /// <summary>Carries out a request. Several may be under way.</summary>
    /// <exception cref="RpcException">The error to answer with.</exception>
    Task<RpcReply> AnswerAsync(RpcMessage.Request request, CancellationToken cancellationToken);

    /// <summary>Takes everything else, one after the other.</summary>
    Task PassOnAsync(RpcMessage message, CancellationToken cancellationToken);
}

/// <summary>The answer to a request.</summary>
/// <param name="Result">Writes the result.</param>
/// <param name="Afterwards">Is called once the answer is written; null for nothing.</param>
internal sealed record RpcReply(Action<Utf8JsonWriter> Result, Action? Afterwards = null);
