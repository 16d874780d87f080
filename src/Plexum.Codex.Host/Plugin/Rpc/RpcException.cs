namespace Plexum.Codex.Host.Plugin.Rpc;

/// <summary>An error to answer a request with.</summary>
internal sealed class RpcException : CodexException
{
    /// <summary>The line is not JSON.</summary>
    public const int ParseError = -32700;

    /// <summary>The line is JSON but not a valid request.</summary>
    public const int InvalidRequest = -32600;

    /// <summary>The method is unknown.</summary>
    public const int MethodNotFound = -32601;

    /// <summary>The method's params are invalid.</summary>
    public const int InvalidParams = -32602;

    /// <summary>Handling the request failed unexpectedly.</summary>
    public const int InternalError = -32603;

    /// <summary>The request is valid but was refused. Our own code: JSON-RPC reserves -32000 to -32099 for servers.</summary>
    public const int Refused = -32000;

    public RpcException(int code, string message)
        : base(message) => Code = code;

    public RpcException(int code, string message, Exception innerException)
        : base(message, innerException) => Code = code;

    public int Code { get; }

    /// <summary>A machine-readable reason, or null.</summary>
    public string? Reason { get; init; }

    public static RpcException BadParams(string message) => new(InvalidParams, message);
}
