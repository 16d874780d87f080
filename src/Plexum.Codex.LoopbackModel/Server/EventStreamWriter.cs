using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Plexum.Codex.LoopbackModel.Server;

/// <summary>Writes numbered server-sent events and flushes after each.</summary>
internal sealed class EventStreamWriter(HttpResponse response, CancellationToken ending)
{
    private int _sequence;

    /// <summary>Whether the response has started, so that it is too late for a status.</summary>
    public bool HasBegun { get; private set; }

    public Task SendAsync(string type, JsonObject json)
    {
        json.Insert(0, "type", type);
        return SendAsync(json);
    }

    /// <exception cref="OperationCanceledException">The client has disconnected or the server is stopping.</exception>
    public async Task SendAsync(JsonObject json)
    {
        if (!HasBegun)
        {
            HasBegun = true;
            response.ContentType = "text/event-stream";
            response.Headers.CacheControl = "no-cache";
        }

        json["sequence_number"] = _sequence++;
        Encoding.UTF8.GetBytes($"event: {json["type"]}\ndata: ", response.BodyWriter);
        PlainJson.Write(json, response.BodyWriter);
        Encoding.UTF8.GetBytes("\n\n", response.BodyWriter);
        var flushed = await response.BodyWriter.FlushAsync(ending).ConfigureAwait(false);
        if (flushed.IsCompleted || flushed.IsCanceled)
        {
            throw new OperationCanceledException("The reader of the event stream has disconnected.");
        }
    }
}
