using Microsoft.AspNetCore.Http;
using Plexum.Codex.Host.Access;

namespace Plexum.Codex.Host.Api.Http;

/// <summary>Who makes a request, as <see cref="ApiGuard"/> found out.</summary>
internal static class ApiCaller
{
    public static Caller Of(HttpContext context) =>
        context.Features.Get<Caller>() ?? throw new InvalidOperationException("The request did not pass ApiGuard.");

    /// <summary>Ends the request unless the caller may do what needs a scope.</summary>
    /// <exception cref="ProblemException">They may not.</exception>
    public static void Require(HttpContext context, AccessScopes scope)
    {
        var caller = Of(context);
        if (!caller.May(scope))
        {
            throw new ProblemException(Problem.ScopeMissing(caller, scope));
        }
    }
}
