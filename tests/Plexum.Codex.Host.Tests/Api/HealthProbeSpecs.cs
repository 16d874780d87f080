using System.Net;
using System.Net.Http.Headers;

namespace Plexum.Codex.Host.Api;

public sealed class HealthProbeSpecs : DaemonTest
{
    [Fact]
    public async Task Health_checks_over_TCP_need_no_token_and_tell_nothing_but_the_status()
    {
        await Stage.StartHostAsync(new IPEndPoint(IPAddress.Loopback, 0));
        await Stage.Host.Context.Actors.Recovered.WithinLimit();
        using var http = new HttpClient { BaseAddress = new Uri(Stage.Host.Address!) };

        foreach (var path in new[] { "/healthz", "/livez", "/readyz" })
        {
            foreach (var wrong in new[] { null, new AuthenticationHeaderValue("Bearer", "no-token-of-this-daemon") })
            {
                http.DefaultRequestHeaders.Authorization = wrong;
                using var response = await http.GetAsync(path);

                Assert.Equal((path, HttpStatusCode.OK), (path, response.StatusCode));
                Assert.Equal("""{"status":"ok"}""", await response.Content.ReadAsStringAsync());
            }
        }

        using var other = await http.GetAsync("/v1/status");
        Assert.Equal(HttpStatusCode.Unauthorized, other.StatusCode);
    }

    [Fact]
    public async Task A_health_check_may_ask_for_the_head_alone_and_end_the_path_with_a_slash()
    {
        await Stage.StartHostAsync(new IPEndPoint(IPAddress.Loopback, 0));
        await Stage.Host.Context.Actors.Recovered.WithinLimit();
        using var http = new HttpClient { BaseAddress = new Uri(Stage.Host.Address!) };

        foreach (var path in new[] { "/healthz", "/livez", "/readyz", "/healthz/", "/readyz/?probe=1" })
        {
            using var head = new HttpRequestMessage(HttpMethod.Head, path);
            using var ofHead = await http.SendAsync(head);
            using var ofGet = await http.GetAsync(path);

            Assert.Equal((path, HttpStatusCode.OK, HttpStatusCode.OK), (path, ofHead.StatusCode, ofGet.StatusCode));
            Assert.Empty(await ofHead.Content.ReadAsByteArrayAsync());
        }

        _ = Stage.Host.Context.DrainAsync();
        using var again = new HttpRequestMessage(HttpMethod.Head, "/readyz");
        using var ofDraining = await http.SendAsync(again);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, ofDraining.StatusCode);
    }

    [Fact]
    public async Task A_daemon_that_takes_no_turns_says_so_to_a_health_check_and_not_why()
    {
        await Stage.StartHostAsync(new IPEndPoint(IPAddress.Loopback, 0));
        using var http = new HttpClient { BaseAddress = new Uri(Stage.Host.Address!) };

        _ = Stage.Host.Context.DrainAsync();
        using var response = await http.GetAsync("/readyz");

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Equal("""{"status":"unavailable"}""", await response.Content.ReadAsStringAsync());
        (await Stage.Api.GetAsync("/readyz")).Problem(503, "shutting_down");
    }

    [Fact]
    public async Task A_health_check_of_a_page_that_was_led_here_is_refused()
    {
        await Stage.StartHostAsync(new IPEndPoint(IPAddress.Loopback, 0));
        using var http = new HttpClient { BaseAddress = new Uri(Stage.Host.Address!) };
        http.DefaultRequestHeaders.Host = "evil.example";

        using var response = await http.GetAsync("/healthz");

        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
    }

    [Fact]
    public async Task The_OpenAPI_document_names_the_address_that_it_is_served_at()
    {
        await Stage.StartHostAsync(new IPEndPoint(IPAddress.Loopback, 0));
        using var http = new HttpClient { BaseAddress = new Uri(Stage.Host.Address!) };
        var token = File.ReadAllText(Stage.Settings.Api.TokenFile).Trim();
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);

        using var response = await http.GetAsync("/openapi.json");
        var document = (await ApiAnswer.OfAsync(response)).Must(200).Json;

        Assert.Equal(Stage.Host.Address, (string)Assert.Single(document["servers"]!.AsArray())!["url"]!);
        Assert.NotNull(document["paths"]!["/v1/status"]);
    }
}
