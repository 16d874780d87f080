using System.Net.Http.Headers;
using System.Text;

namespace Plexum.Codex.Host.Security;

/// <summary>A body within the limit of bytes has so many elements that what is built from it takes far more memory.</summary>
public sealed class BodyElementSpecs : DaemonProcessTest
{
    private const string Turns = "/v1/agents/alice/turns";

    private static readonly Lazy<byte[]> TwoMillionKeys = new(() =>
        Encoding.ASCII.GetBytes($"{{{string.Join(',', Enumerable.Range(0, 2_000_000).Select(n => $"\"k{n}\":1"))}}}")
    );

    public BodyElementSpecs()
        : base("thread", "turn", "say ${prompt}", "completed 1 1") { }

    [Fact]
    public async Task S16_Two_million_keys_are_refused_on_every_way_in_and_take_no_more_memory_than_the_body()
    {
        await Daemon.StartAsync();
        await Daemon.Api.EndedAsync(await Daemon.Api.SubmitAsync("x"));
        await RefusedAsync(Turns, Encoding.ASCII.GetBytes($"[{string.Concat(Enumerable.Repeat("1,", 200_000))}1]"));
        var before = ProcessProbe.PeakBytesOf(Daemon.Id);

        string[] ways =
        [
            Turns,
            "/v1/agents/alice/consume",
            "/v1/turns/t1/cancel",
            "/v1/turns/t1/steer",
            "/v1/turns/t1/tool-calls/c1",
            "/v1/molecule/dead-letters/requeue",
        ];
        foreach (var way in ways)
        {
            await RefusedAsync(way, TwoMillionKeys.Value);
        }

        // One body for each way, if the garbage collector had no reason to run, and as much again for what else a request needs.
        Assert.InRange(ProcessProbe.PeakBytesOf(Daemon.Id) - before, 0, 2L * ways.Length * TwoMillionKeys.Value.Length);
        await Daemon.Api.EndedAsync(await Daemon.Api.SubmitAsync("still served"));
    }

    [Fact]
    public async Task S16_A_deep_or_repeating_body_is_refused_too()
    {
        await Daemon.StartAsync("api.max-body-elements=1000");
        var deep = new string('[', 100_000);
        var twins = $"{{{string.Join(',', Enumerable.Repeat("\"force\":true", 900))}}}";

        (await PostAsync(Turns, Encoding.ASCII.GetBytes(deep))).Problem(400, "bad_request_body");
        Assert.Contains(
            "the name \"force\" is there twice",
            (await PostAsync("/v1/turns/t1/cancel", Encoding.ASCII.GetBytes(twins))).Problem(400, "bad_request_body"),
            StringComparison.Ordinal
        );
        (await PostAsync(Turns, Encoding.ASCII.GetBytes($"[{string.Concat(Enumerable.Repeat("1,", 1000))}1]"))).Problem(
            413,
            "too_many_elements"
        );
    }

    private async Task RefusedAsync(string path, byte[] body) =>
        Assert.Contains("api.max-body-elements", (await PostAsync(path, body)).Problem(413, "too_many_elements"), StringComparison.Ordinal);

    private Task<ApiAnswer> PostAsync(string path, byte[] body) =>
        Daemon.Api.PostAsync(path, (string?)null, request =>
            request.Content = new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } }
        );
}
