using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Plexum.Codex.Client.Documents;

namespace Plexum.Codex.Host.Api.Http;

/// <summary>
/// The health checks over TCP that show no token, as those of a load balancer or an orchestrator. Such a caller learns the status and
/// nothing else, whatever the endpoint says to others.
/// </summary>
internal static class HealthProbe
{
    private static readonly HealthDocument Well = new("ok");
    private static readonly HealthDocument Unwell = new("unavailable");

    /// <summary>Whether a request is one that needs no token.</summary>
    public static bool IsAsked(HttpRequest request) =>
        (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method))
        && request.Path.Value is "/healthz" or "/healthz/" or "/livez" or "/livez/" or "/readyz" or "/readyz/";

    /// <summary>Has the endpoint answer, and writes the status in place of its answer.</summary>
    public static async Task AnswerAsync(HttpContext context, Func<Task<Problem?>> answer)
    {
        var body = context.Features.GetRequiredFeature<IHttpResponseBodyFeature>();
        var nothing = new StreamResponseBodyFeature(Stream.Null);
        context.Features.Set<IHttpResponseBodyFeature>(nothing);
        Problem? problem;
        try
        {
            problem = await answer().ConfigureAwait(false);
            await nothing.CompleteAsync().ConfigureAwait(false);
        }
        finally
        {
            context.Features.Set(body);
        }

        var status = problem?.Status ?? context.Response.StatusCode;
        var document = status == StatusCodes.Status200OK ? Well : Unwell;
        await ApiResponse.WriteAsync(context, document, ApiJson.Default.HealthDocument, status).ConfigureAwait(false);
    }
}
