namespace Plexum.Codex.Host.Plugin.Rpc;

/// <summary>Why a request is answered with an error.</summary>
internal sealed class RpcException : CodexException
{
    /// <summary>What came is no JSON.</summary>
    public const int ParseError = -32700;

    /// <summary>It is JSON and no request.</summary>
    public const int InvalidRequest = -32600;

    /// <summary>Nobody knows the method.</summary>
    public const int MethodNotFound = -32601;

    /// <summary>The method cannot be called like that.</summary>
    public const int InvalidParams = -32602;

    /// <summary>The program failed.</summary>
    public const int InternalError = -32603;

    /// <summary>The request was understood and not carried out. This program's own; JSON-RPC leaves -32000 to -32099 to servers.</summary>
    public const int Refused = -32000;

    public RpcException(int code, string message) : base(message) => Code = code;

    public RpcException(int code, string message, Exception innerException) : base(message, innerException) => Code = code;

    public int Code { get; }

    /// <summary>A word for programs; null where there is none.</summary>
    public string? Reason { get; init; }

    public static RpcException BadParams(string message) => new(InvalidParams, message);
}
