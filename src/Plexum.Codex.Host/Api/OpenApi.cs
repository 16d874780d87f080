using System.Reflection;
using Microsoft.AspNetCore.Http;

namespace Plexum.Codex.Host.Api;

/// <summary>The description of the interface, a file that is built into the program.</summary>
// A file held by a test: Microsoft.AspNetCore.OpenApi leaves out routes that are plain request delegates.
internal static class OpenApi
{
    /// <summary>Opens the document.</summary>
    public static Stream Open() => Assembly.GetExecutingAssembly().GetManifestResourceStream("openapi.json")
        ?? throw new InvalidOperationException("The program was built without its description of the interface.");

    public static async Task WriteAsync(HttpContext context)
    {
        await using var document = Open();
        context.Response.ContentType = "application/json";
        await document.CopyToAsync(context.Response.Body, context.RequestAborted).ConfigureAwait(false);
    }
}
