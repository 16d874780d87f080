using Microsoft.AspNetCore.Http;
using Plexum.Codex.Host.Audit;
using Plexum.Codex.Host.Daemon;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Host.Api.Http;

/// <summary>What a request does, for the audit log. It is written once, as soon as its outcome is known.</summary>
/// <param name="log">The audit log.</param>
/// <param name="action">What it does.</param>
/// <param name="context">The request.</param>
internal sealed class AuditedAction(AuditLog log, string action, HttpContext context)
{
    private const int MaxCallCharacters = 128;

    private bool _hasBegun;
    private bool _isWritten;

    /// <summary>That of a request; null if it only looks at something.</summary>
    public static AuditedAction? Of(HttpContext context) => context.Features.Get<AuditedAction>();

    /// <summary>Notes that the request is complete, so that from now on something may be done.</summary>
    public void Begin() => _hasBegun = true;

    /// <summary>Writes that it was done, unless an outcome was written.</summary>
    /// <param name="outcome">A word for success.</param>
    /// <param name="turn">The turn; null for the one that the path names.</param>
    public void End(string outcome, string? turn = null)
    {
        if (TryWrite())
        {
            log.Write(Entry(outcome, turn));
        }
    }

    /// <summary>Writes that it was not done, unless an outcome was written.</summary>
    /// <param name="code">The code of the problem.</param>
    public void Refuse(string code)
    {
        if (TryWrite())
        {
            log.WriteRefused(Entry(code, null));
        }
    }

    /// <summary>Writes that something failed; it was not done if the request is not complete.</summary>
    /// <param name="code">The code of the problem.</param>
    public void Fail(string code)
    {
        if (_hasBegun)
        {
            End(code);
        }
        else
        {
            Refuse(code);
        }
    }

    private bool TryWrite()
    {
        var isFirst = !_isWritten;
        _isWritten = true;
        return isFirst;
    }

    private AuditEntry Entry(string outcome, string? turn)
    {
        var caller = ApiCaller.Of(context);
        var process = context.Features.Get<CallingProcess>();
        return new AuditEntry(action, caller.Token is null ? "unix" : "tcp", outcome)
        {
            Token = caller.Token,
            Uid = process?.User,
            Pid = process?.Pid,
            Agent = InPath("agent") is var agent && AgentId.TryParse(agent, out _) ? agent : null,
            Turn = turn ?? (InPath("turn") is var named && TurnId.TryParse(named, out _) ? named : null),
            Call = (InPath("call") ?? InPath("approval")) is var call && IsCall(call) ? call : null,
        };
    }

    private string? InPath(string name) => context.Request.RouteValues[name] as string;

    // Codex's own ids are like this. Anything else is a client's text.
    private static bool IsCall(string? text) =>
        text is { Length: > 0 and <= MaxCallCharacters } && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '.' or ':');
}
