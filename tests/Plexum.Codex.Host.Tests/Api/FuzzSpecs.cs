using System.Globalization;
using System.Text.Json.Nodes;
using Plexum.Codex.Chaos;
using Plexum.Codex.Host.Api.Http;

namespace Plexum.Codex.Host.Api;

/// <summary>
/// Requests at random. PLEXUM_TEST_FUZZ sets how many, PLEXUM_TEST_FUZZ_SEED with which seed; a failure names the seed.
/// </summary>
[Collection(MemoryTests.Name)]
public sealed class FuzzSpecs() : DaemonTest("thread", "turn", "say x", "completed 1 1")
{
    private const int Usual = 3000;
    private const int Connections = 4;

    private static readonly JsonObject Paths = JsonNode.Parse(OpenApi.Open())!["paths"]!.AsObject();

    [Fact]
    public async Task Whatever_is_sent_the_daemon_answers_as_it_says_and_does_not_grow()
    {
        var count = Number("PLEXUM_TEST_FUZZ", Usual);
        var seed = Number("PLEXUM_TEST_FUZZ_SEED", Environment.TickCount & 0xFFFFFF);
        Stage.Settings = Stage.Settings with { Api = Stage.Settings.Api with { MaxBodyBytes = 4096 } };
        await Stage.StartHostAsync();
        var turn = await Stage.Api.SubmitAsync("x");
        await Stage.Api.EventsAsync(turn);
        await Task.WhenAll(
            Enumerable.Range(0, Connections).Select(n => SendAsync(new FuzzRequests(seed + n, turn), count / 4 / Connections))
        );
        var before = await MemoryTests.InUseAsync();

        await Task.WhenAll(
            Enumerable.Range(0, Connections).Select(n => SendAsync(new FuzzRequests(seed + 100 + n, turn), count / Connections))
        );

        Assert.Equal(200, (await Stage.Api.GetAsync("/readyz")).Status);
        await Limits.UntilAsync(() => Stage.Host.Context.Readers == 0);
        Assert.InRange(await MemoryTests.InUseAsync() - before, long.MinValue, 8 * 1024 * 1024);
    }

    private async Task SendAsync(FuzzRequests requests, int count)
    {
        for (var i = 0; i < count; i++)
        {
            var request = requests.Next();
            var answer = await request.SendAsync(await Stage.Api.ConnectAsync(), Limits.Wait);
            Check(request, answer);
        }
    }

    private static void Check(FuzzRequest request, string answer)
    {
        if (answer.Length == 0)
        {
            return;
        }

        Assert.True(answer.StartsWith("HTTP/1.1 ", StringComparison.Ordinal), $"{request}\n{answer}");
        var status = int.Parse(answer.AsSpan(9, 3), CultureInfo.InvariantCulture);
        Assert.True(status is < 500 or 505, $"{request}\n{answer}");
        Assert.DoesNotContain("   at ", answer, StringComparison.Ordinal);
        if (
            request.Pattern is { } pattern
            && Paths[pattern]?[request.Method.ToLowerInvariant()] is { } operation
            && answer.Contains("problem+json", StringComparison.Ordinal)
        )
        {
            var known = operation["responses"]!.AsObject();
            Assert.True(
                known.ContainsKey(status.ToString(CultureInfo.InvariantCulture)) || status is 404 or 405,
                $"{status} of {request} is not documented\n{answer}"
            );
        }
    }

    private static int Number(string variable, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : otherwise;
}
