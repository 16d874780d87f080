namespace Plexum.Codex.AppServer.Wire;

/// <summary>The server could not be reached, or did not do what it was asked for.</summary>
public sealed class AppServerException : CodexException
{
    /// <summary>Creates an exception for a fault.</summary>
    /// <param name="fault">The fault, whose message is the exception's.</param>
    /// <param name="innerException">The cause; null if there is none.</param>
    public AppServerException(AppServerFault fault, Exception? innerException = null)
        : base((fault ?? throw new ArgumentNullException(nameof(fault))).Message, innerException!) => Fault = fault;

    /// <summary>The fault.</summary>
    public AppServerFault Fault { get; }
}
