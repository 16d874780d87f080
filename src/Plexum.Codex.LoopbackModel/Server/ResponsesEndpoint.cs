using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Plexum.Codex.LoopbackModel.Answers;
using Plexum.Codex.LoopbackModel.Requests;
using Plexum.Codex.LoopbackModel.Scripts;

namespace Plexum.Codex.LoopbackModel.Server;

/// <summary>Serves <c>POST /v1/responses</c>; answers everything else with 404.</summary>
internal sealed class ResponsesEndpoint(ModelScript script, ExchangeLog log, CancellationToken stopping)
{
    public const int MaxRequestBytes = 256 * 1024 * 1024;

    private const string Path = "/v1/responses";
    private readonly string _family = Guid.NewGuid().ToString("N")[..8];

    public async Task ServeAsync(HttpContext context)
    {
        if (context.Request.Path != Path || !HttpMethods.IsPost(context.Request.Method))
        {
            var error = new JsonObject
            {
                ["message"] = $"Only POST {Path} is served here, not {context.Request.Method} {context.Request.Path}.",
            };
            await SendErrorAsync(context, StatusCodes.Status404NotFound, error).ConfigureAwait(false);
            return;
        }

        ModelExchange exchange;
        try
        {
            exchange = log.Add(await ReadAsync(context).ConfigureAwait(false));
        }
        catch (RequestRefusedException refused)
        {
            log.AddRefused(refused.Message).End(ExchangeOutcome.Refused);
            await SendRefusalAsync(context, StatusCodes.Status400BadRequest, refused.Message).ConfigureAwait(false);
            return;
        }

        await AnswerAsync(context, exchange, exchange.Request!).ConfigureAwait(false);
    }

    public static Task SendErrorAsync(HttpContext context, int status, JsonObject error)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        PlainJson.Write(new JsonObject { ["error"] = error }, context.Response.BodyWriter);
        return context.Response.BodyWriter.FlushAsync(context.RequestAborted).AsTask();
    }

    private async Task AnswerAsync(HttpContext context, ModelExchange exchange, ModelRequest request)
    {
        ModelAnswer answer;
        try
        {
            answer = script(request);
            DemandOffered(request, answer);
        }
        catch (RequestRefusedException refused)
        {
            exchange.Refuse(refused.Message);
            await SendRefusalAsync(context, StatusCodes.Status400BadRequest, refused.Message).ConfigureAwait(false);
            return;
        }
        catch (Exception failed)
        {
            // Scripts are callers' code: whatever they throw fails only this request.
            exchange.Refuse($"The script failed: {failed}");
            await SendRefusalAsync(context, StatusCodes.Status500InternalServerError, failed.Message).ConfigureAwait(false);
            return;
        }

        using var ending = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, stopping);
        var player = new AnswerPlayer(context, request, answer, $"{_family}_{exchange.Number}", ending.Token);
        try
        {
            var outcome = await player.PlayAsync().ConfigureAwait(false);
            exchange.End(outcome);
            if (outcome == ExchangeOutcome.Dropped)
            {
                throw new StreamDroppedException();
            }
        }
        catch (Exception ended) when (ended is OperationCanceledException or IOException)
        {
            exchange.End(stopping.IsCancellationRequested ? ExchangeOutcome.ServerStopped : ExchangeOutcome.ClientGone);
            context.Abort();
        }
    }

    private static async Task<ModelRequest> ReadAsync(HttpContext context)
    {
        var request = context.Request;
        if (!request.HasJsonContentType())
        {
            throw new RequestRefusedException($"The content type must be application/json, not '{request.ContentType}'.");
        }

        if (request.Headers.ContentEncoding.Count > 0)
        {
            throw new RequestRefusedException($"The body is encoded as '{request.Headers.ContentEncoding}'; only plain JSON is supported.");
        }

        using var body = new MemoryStream((int)Math.Min(request.ContentLength ?? 64 * 1024, MaxRequestBytes));
        await request.Body.CopyToAsync(body, context.RequestAborted).ConfigureAwait(false);
        var headers = request.Headers.ToDictionary(
            header => header.Key,
            header => header.Value.ToString(),
            StringComparer.OrdinalIgnoreCase
        );
        return RequestReader.Read(body.GetBuffer().AsMemory(0, (int)body.Length), headers);
    }

    private static void DemandOffered(ModelRequest request, ModelAnswer answer)
    {
        if (answer.Calls.FirstOrDefault(call => !request.Offers(call.Name, call.Namespace)) is { } call)
        {
            throw new RequestRefusedException(
                $"The script calls the tool '{new OfferedTool(call.Name, call.Namespace, "")}', which the request does not offer. "
                    + $"Offered are: {string.Join(", ", request.Tools)}."
            );
        }
    }

    private static Task SendRefusalAsync(HttpContext context, int status, string why) =>
        SendErrorAsync(context, status, new JsonObject { ["type"] = "invalid_request_error", ["message"] = $"Loopback model: {why}" });

    /// <summary>
    /// Makes Kestrel close the connection after what was sent. An abort would also discard data in transit, so codex would sometimes see
    /// no response at all.
    /// </summary>
    private sealed class StreamDroppedException : Exception;
}
