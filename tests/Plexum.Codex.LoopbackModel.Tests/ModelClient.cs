using System.Text.Json.Nodes;
using Plexum.Codex.LoopbackModel.Answers;
using Plexum.Codex.LoopbackModel.Scripts;
using Plexum.Codex.LoopbackModel.Server;

namespace Plexum.Codex.LoopbackModel.Tests;

/// <summary>A server with a script, and a client that reads its streams to the end.</summary>
internal sealed class ModelClient : IAsyncDisposable
{
    private readonly HttpClient _http = new(new SocketsHttpHandler { ResponseDrainTimeout = TimeSpan.Zero }) { Timeout = Limits.Wait };

    private ModelClient(LoopbackModelServer server) => Server = server;

    public LoopbackModelServer Server { get; }

    public Uri Responses => new($"{Server.BaseUrl}/responses");

    public static async Task<ModelClient> StartAsync(ModelScript? script = null, int remembered = 512) =>
        new(await LoopbackModelServer.StartAsync(script, remembered));

    public static Task<ModelClient> StartAsync(ModelAnswer answer) => StartAsync(_ => answer);

    public Task<HttpResponseMessage> PostAsync(HttpContent content, CancellationToken cancellationToken = default)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, Responses) { Content = content };
        return _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
    }

    public Task<HttpResponseMessage> GetAsync(Uri address) => _http.GetAsync(address);

    /// <summary>The events of the answer; each must be framed as the service frames it.</summary>
    public async Task<List<JsonObject>> AskAsync(Conversation conversation)
    {
        using var response = await PostAsync(Conversation.Content(conversation.Body()));
        Assert.Equal(200, (int)response.StatusCode);
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType?.MediaType);
        return EventsOf(await response.Content.ReadAsStringAsync());
    }

    public static List<JsonObject> EventsOf(string stream)
    {
        var events = new List<JsonObject>();
        foreach (var block in stream.Split("\n\n", StringSplitOptions.RemoveEmptyEntries))
        {
            var lines = block.Split('\n');
            Assert.Equal(2, lines.Length);
            Assert.StartsWith("data: ", lines[1], StringComparison.Ordinal);
            var json = JsonNode.Parse(lines[1]["data: ".Length..])!.AsObject();
            Assert.Equal($"event: {json["type"]}", lines[0]);
            Assert.Equal(events.Count, (int)json["sequence_number"]!);
            events.Add(json);
        }

        return events;
    }

    /// <summary>The finished items of an answer.</summary>
    public static List<JsonObject> ItemsOf(IEnumerable<JsonObject> events) =>
        events.Where(one => (string)one["type"]! == "response.output_item.done").Select(one => one["item"]!.AsObject()).ToList();

    public static string TextOf(IEnumerable<JsonObject> events) =>
        string.Join(
            '\n',
            ItemsOf(events).Where(item => (string)item["type"]! == "message").Select(item => (string)item["content"]![0]!["text"]!)
        );

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await Server.DisposeAsync();
    }
}
