using System.Reflection;
using Microsoft.AspNetCore.Http;

namespace Plexum.Codex.Host.Api.Http;

/// <summary>The OpenAPI document, an embedded resource.</summary>
// Written by hand and checked by a test: Microsoft.AspNetCore.OpenApi leaves out routes that are plain request delegates.
internal static class OpenApi
{
    /// <summary>Opens the document.</summary>
    public static Stream Open() =>
        Assembly.GetExecutingAssembly().GetManifestResourceStream("openapi.json")
        ?? throw new InvalidOperationException("The program was built without openapi.json.");

    public static async Task WriteAsync(HttpContext context)
    {
        await using var document = Open();
        context.Response.ContentType = "application/json";
        await document.CopyToAsync(context.Response.Body, context.RequestAborted).ConfigureAwait(false);
    }
}
