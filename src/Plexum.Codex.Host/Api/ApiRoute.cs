using Microsoft.AspNetCore.Http;

namespace Plexum.Codex.Host.Api;

/// <summary>One thing that can be asked of the daemon. The same table makes the routes and is held against the OpenAPI document.</summary>
/// <param name="Method">The method.</param>
/// <param name="Pattern">The path, with the names of its parts in braces.</param>
/// <param name="Handle">Answers a request.</param>
internal sealed record ApiRoute(string Method, string Pattern, RequestDelegate Handle);
