using System.Reflection;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Plexum.Codex.Host.Daemon;

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
        if (context.Features.Get<OwnersConnection>() is not null)
        {
            await document.CopyToAsync(context.Response.Body, context.RequestAborted).ConfigureAwait(false);
            return;
        }

        // ApiGuard has checked that the header names this machine, so it is the address at which the client reaches the daemon.
        var served = (await JsonNode.ParseAsync(document, cancellationToken: context.RequestAborted).ConfigureAwait(false))!.AsObject();
        served["servers"] = new JsonArray(
            new JsonObject
            {
                ["url"] = $"{context.Request.Scheme}://{context.Request.Host.Value}",
                ["description"] = "The address on loopback that this document was served at.",
            }
        );
        await context.Response.WriteAsync(served.ToJsonString(), context.RequestAborted).ConfigureAwait(false);
    }
}
