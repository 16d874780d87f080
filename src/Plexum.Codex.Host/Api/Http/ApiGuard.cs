using System.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using Plexum.Codex.Client;
using Plexum.Codex.Host.Access;
using Plexum.Codex.Host.Audit;
using Plexum.Codex.Host.Connections;
using Plexum.Codex.Host.Daemon;
using Plexum.Codex.Host.Daemon.Peers;
using Plexum.Codex.Ledger;
using Serilog;
using Serilog.Events;

namespace Plexum.Codex.Host.Api.Http;

/// <summary>
/// Runs before every endpoint: checks access, turns every failure into a problem document, and writes the access log.
/// </summary>
/// <param name="next">The rest of the pipeline.</param>
/// <param name="tokens">The tokens of which requests over TCP need one; null if the daemon does not listen on TCP.</param>
/// <param name="audit">The audit log.</param>
internal sealed class ApiGuard(RequestDelegate next, TokenBook? tokens, AuditLog audit)
{
    private const string Bearer = "Bearer ";

    public async Task InvokeAsync(HttpContext context)
    {
        var began = Stopwatch.GetTimestamp();
        try
        {
            var problem = Admit(context);
            if (problem is null && ApiCaller.Of(context) == Caller.Prober)
            {
                await HealthProbe.AnswerAsync(context, () => AnswerAsync(context)).ConfigureAwait(false);
                return;
            }

            problem ??= await AnswerAsync(context).ConfigureAwait(false);
            if (problem is not null && !context.Response.HasStarted)
            {
                await problem.WriteAsync(context).ConfigureAwait(false);
            }
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            // The client is gone, or the response cannot be finished. Abort, so that a partial response does not look complete.
            context.Abort();
        }

        // Asked every few seconds, health probes would push everything else out of the file.
        var level = HealthProbe.IsAsked(context.Request) ? LogEventLevel.Verbose : LogEventLevel.Debug;
        if (Log.IsEnabled(level))
        {
            Log.Write(
                level,
                "api: {Method} {Path} {Status} in {Milliseconds:0.0} ms",
                context.Request.Method,
                context.Request.Path.Value,
                context.Response.StatusCode,
                Stopwatch.GetElapsedTime(began).TotalMilliseconds
            );
        }
    }

    private async Task<Problem?> AnswerAsync(HttpContext context)
    {
        try
        {
            await next(context).ConfigureAwait(false);
            return context.Response is { HasStarted: false, StatusCode: >= 400, ContentType: null } response
                ? Problem.OfStatus(response.StatusCode)
                : null;
        }
        catch (ProblemException e)
        {
            return e.Problem;
        }
        catch (BadHttpRequestException e)
        {
            return Problem.OfStatus(e.StatusCode, e.Message);
        }
        catch (LedgerUnavailableException e)
        {
            return Problem.LedgerUnavailable(e.Message);
        }
        catch (Akka.Actor.AskTimeoutException)
        {
            return Problem.NoAnswer;
        }
        catch (Exception e) when (!context.RequestAborted.IsCancellationRequested)
        {
            // The client gets only a log id, since the message may reveal internals.
            return Unexpected(context, e);
        }
    }

    private static Problem Unexpected(HttpContext context, Exception e)
    {
        var id = Guid.NewGuid().ToString("N")[..12];
        Log.Error(e, "api: {Method} {Path} failed; log_id={LogId}", context.Request.Method, context.Request.Path.Value, id);
        if (context.Response.HasStarted)
        {
            context.Abort();
        }

        return Problem.Internal(id);
    }

    // PeerGate has checked who is at the other end of the unix socket. Any other connection needs a token.
    private Problem? Admit(HttpContext context)
    {
        if (context.Features.Get<RefusedPeer>() is { } peer)
        {
            context.Response.Headers.Connection = "close";
            return new Problem(403, "caller_refused", "The caller may not use the daemon", peer.Detail);
        }

        if (context.Features.Get<OwnersConnection>() is not null)
        {
            context.Response.Headers[DaemonClient.VersionHeader] = OwnVersion.Full;
            context.Features.Set(Caller.Owner);
            return null;
        }

        var connection = context.Features.Get<ApiConnection>();
        AccessToken? expired = null;
        if (!IsOfThisMachine(context.Request.Host))
        {
            return Refuse(Problem.HostRefused, null);
        }

        var given = context.Request.Headers.Authorization.ToString();
        if (
            tokens is not null
            && given.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase)
            && tokens.Find(given[Bearer.Length..].Trim(), out expired) is { } caller
        )
        {
            connection?.Authenticated();
            context.Features.Set(caller);
            return null;
        }

        if (HealthProbe.IsAsked(context.Request))
        {
            connection?.Refused();
            context.Features.Set(Caller.Prober);
            return null;
        }

        context.Response.Headers[HeaderNames.WWWAuthenticate] = "Bearer";
        return Refuse(expired is null ? Problem.Unauthorized : Problem.TokenExpired(expired), expired?.Name);

        Problem Refuse(Problem problem, string? token)
        {
            connection?.Refused();
            audit.WriteRefused(new AuditEntry("authenticate", "tcp", problem.Code) { Token = token });
            return problem;
        }
    }

    private static bool IsOfThisMachine(HostString host) => host.Host is "127.0.0.1" or "localhost" or "[::1]";
}
