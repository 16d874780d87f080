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
    /// <summary>What it is called in the audit log; null if it only looks at something.</summary>
    public string? Action { get; init; }

    /// <summary>Handles a request of a caller who may make it, and writes the audit log.</summary>
    /// <exception cref="ProblemException">It was not carried out.</exception>
    public async Task RunAsync(HttpContext context, AuditLog log)
    {
        var audited = Action is null ? null : new AuditedAction(log, Action, context);
        context.Features.Set(audited);
        try
        {
            ApiCaller.Require(context, Scope);
            await Handle(context).ConfigureAwait(false);
            audited?.End("done");
        }
        catch (ProblemException e)
        {
            audited?.End(e.Problem.Code);
            throw;
        }
        catch
        {
            audited?.End("failed");
            throw;
        }
    }
}
