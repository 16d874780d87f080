using System.Collections.Immutable;
using Akka.Actor;
using Microsoft.AspNetCore.Http;
using Plexum.Codex.Host.Access;
using Plexum.Codex.Host.Audit;

namespace Plexum.Codex.Host.Api.Http;

/// <summary>One endpoint. A test compares the endpoints with the OpenAPI document.</summary>
/// <param name="Method">The HTTP method.</param>
/// <param name="Pattern">The path, with its parameters in braces.</param>
/// <param name="Scope">What a token must allow.</param>
/// <param name="Handle">Handles a request.</param>
internal sealed record ApiRoute(string Method, string Pattern, AccessScopes Scope, RequestDelegate Handle)
{
    private const string Look = "look";

    /// <summary>What it is called in the audit log; null if it only looks at something.</summary>
    public string? Action { get; init; }

    /// <summary>The query parameters that it has.</summary>
    public ImmutableArray<string> Parameters { get; init; } = [];

    /// <summary>Its methods: whatever needs no token answers those too who ask for the status alone.</summary>
    public IEnumerable<string> Methods => Scope == AccessScopes.None ? [Method, HttpMethods.Head] : [Method];

    /// <summary>Handles a request of a caller who may make it, and writes the audit log.</summary>
    /// <exception cref="ProblemException">It was not carried out.</exception>
    public async Task RunAsync(HttpContext context, AuditLog log)
    {
        var audited = new AuditedAction(log, Action ?? Look, context);
        try
        {
            ApiCaller.Require(context, Scope);
        }
        catch (ProblemException e)
        {
            audited.Refuse(e.Problem.Code);
            throw;
        }

        if (Action is null)
        {
            await HandleAsync(context).ConfigureAwait(false);
            return;
        }

        context.Features.Set(audited);
        await RunAsync(context, audited).ConfigureAwait(false);
    }

    // A filter with a mistyped name would let everything through. What needs no token tells everybody the same, and what probes and
    // proxies add to it means nothing.
    private Task HandleAsync(HttpContext context)
    {
        if (Scope != AccessScopes.None)
        {
            ApiRequest.CheckParameters(context, Parameters);
        }

        return Handle(context);
    }

    private async Task RunAsync(HttpContext context, AuditedAction audited)
    {
        try
        {
            await HandleAsync(context).ConfigureAwait(false);
            audited.End("done");
        }
        catch (ProblemException e) when (e.Problem.Code != Problem.NoAnswer.Code)
        {
            audited.Refuse(e.Problem.Code);
            throw;
        }
        catch (BadHttpRequestException e)
        {
            audited.Refuse(Problem.OfStatus(e.StatusCode).Code);
            throw;
        }
        catch (Exception e)
        {
            // It may have been done all the same.
            audited.Fail(e is ProblemException or AskTimeoutException ? Problem.NoAnswer.Code : "failed");
            throw;
        }
    }
}
