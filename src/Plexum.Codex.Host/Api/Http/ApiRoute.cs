using Microsoft.AspNetCore.Http;

namespace Plexum.Codex.Host.Api.Http;

/// <summary>One endpoint. A test compares the endpoints with the OpenAPI document.</summary>
/// <param name="Method">The HTTP method.</param>
/// <param name="Pattern">The path, with its parameters in braces.</param>
/// <param name="Handle">Handles a request.</param>
internal sealed record ApiRoute(string Method, string Pattern, RequestDelegate Handle);
