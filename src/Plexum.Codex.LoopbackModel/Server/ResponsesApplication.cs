using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Plexum.Codex.LoopbackModel.Server;

/// <summary>Connects Kestrel to the only endpoint.</summary>
internal sealed class ResponsesApplication(ResponsesEndpoint endpoint) : IHttpApplication<HttpContext>
{
    public HttpContext CreateContext(IFeatureCollection contextFeatures) => new DefaultHttpContext(contextFeatures);

    public Task ProcessRequestAsync(HttpContext context) => endpoint.ServeAsync(context);

    public void DisposeContext(HttpContext context, Exception? exception)
    {
        // The context owns nothing that outlives its request.
    }
}
