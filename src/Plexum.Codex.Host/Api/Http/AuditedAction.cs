using System.Net.Sockets;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;
using Plexum.Codex.Host.Audit;
using Plexum.Codex.Posix;

namespace Plexum.Codex.Host.Api.Http;

/// <summary>What a request does, for the audit log. It is written once, as soon as its outcome is known.</summary>
/// <param name="log">The audit log.</param>
/// <param name="action">What it does.</param>
/// <param name="context">The request.</param>
internal sealed class AuditedAction(AuditLog log, string action, HttpContext context)
{
    // What is longer is no id of this program's.
    private const int MaxCharacters = 256;

    private bool _isWritten;

    /// <summary>That of a request; null if it only looks at something.</summary>
    public static AuditedAction? Of(HttpContext context) => context.Features.Get<AuditedAction>();

    /// <summary>Writes the outcome, unless one was written.</summary>
    /// <param name="outcome">A word for success, or the code of the problem.</param>
    /// <param name="turn">The turn; null for the one that the path names.</param>
    public void End(string outcome, string? turn = null)
    {
        if (_isWritten)
        {
            return;
        }

        _isWritten = true;
        var caller = ApiCaller.Of(context);
        using var peer = caller.Token is null ? PeerOf(context) : null;
        log.Write(
            new AuditEntry(action, caller.Token is null ? "unix" : "tcp", outcome)
            {
                Token = caller.Token,
                Uid = peer?.User,
                Pid = peer?.Pid,
                Agent = InPath("agent"),
                Turn = turn ?? InPath("turn"),
                Call = InPath("call"),
            }
        );
    }

    private string? InPath(string name) =>
        context.Request.RouteValues[name] is string text ? text[..Math.Min(text.Length, MaxCharacters)] : null;

    private static SocketPeer? PeerOf(HttpContext context)
    {
        try
        {
            return context.Features.Get<IConnectionSocketFeature>() is { } connection ? SocketPeer.Of(connection.Socket) : null;
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The client is gone; what it asked for was done all the same.
            return null;
        }
    }
}
