using System.Net;
using System.Net.Http.Headers;

namespace Plexum.Codex.Host.Daemon;

public sealed class TokenSpecs : DaemonTest
{
    private string TokenFile => Stage.Settings.Api.TokenFile;

    [Fact]
    public async Task Over_TCP_only_who_has_the_token_is_let_in()
    {
        await Stage.StartHostAsync(new IPEndPoint(IPAddress.Loopback, 0));
        var token = File.ReadAllText(TokenFile).Trim();
        using var http = new HttpClient { BaseAddress = new Uri(Stage.Host.Address!) };

        Assert.Equal(64, token.Length);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(TokenFile));
        Assert.Equal(200, await Status(http, "Bearer", token));
        Assert.Equal(200, (await Stage.Api.GetAsync("/v1/status")).Status);
        foreach (var (scheme, wrong) in new[] { ("Bearer", token[..63]), ("Bearer", token + "0"), ("Basic", token), ("Bearer", "") })
        {
            Assert.Equal(401, await Status(http, scheme, wrong));
        }

        using var answer = await http.GetAsync("/openapi.json");
        Assert.Equal("Bearer", Assert.Single(answer.Headers.WwwAuthenticate).Scheme);
        Assert.Contains("api.token-file", (await ApiAnswer.OfAsync(answer)).Problem(401, "unauthorized"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("evil.example")]
    [InlineData("127.0.0.1.evil.example")]
    [InlineData("192.168.0.1")]
    public async Task Over_TCP_another_host_than_this_one_is_refused_even_with_the_token(string host)
    {
        await Stage.StartHostAsync(new IPEndPoint(IPAddress.Loopback, 0));
        using var http = new HttpClient { BaseAddress = new Uri(Stage.Host.Address!) };
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/status");
        request.Headers.Host = host;
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", File.ReadAllText(TokenFile).Trim());

        using var response = await http.SendAsync(request);

        (await ApiAnswer.OfAsync(response)).Problem(403, "host_refused");
    }

    [Fact]
    public async Task A_token_that_is_there_is_kept()
    {
        File.WriteAllText(TokenFile, "the-token-of-the-user\n");
        File.SetUnixFileMode(TokenFile, UnixFileMode.UserRead | UnixFileMode.UserWrite);

        await Stage.StartHostAsync(new IPEndPoint(IPAddress.Loopback, 0));

        using var http = new HttpClient { BaseAddress = new Uri(Stage.Host.Address!) };
        Assert.Equal(200, await Status(http, "Bearer", "the-token-of-the-user"));
    }

    [Fact]
    public async Task S10_Another_token_in_the_file_counts_at_once_and_without_the_file_there_is_none()
    {
        const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        await Stage.StartHostAsync(new IPEndPoint(IPAddress.Loopback, 0));
        var first = File.ReadAllText(TokenFile).Trim();
        using var http = new HttpClient { BaseAddress = new Uri(Stage.Host.Address!) };
        Assert.Equal(200, await Status(http, "Bearer", first));

        File.WriteAllText(TokenFile, "the-token-of-the-user");
        Assert.Equal(401, await Status(http, "Bearer", first));
        Assert.Equal(200, await Status(http, "Bearer", "the-token-of-the-user"));

        File.SetUnixFileMode(TokenFile, OwnerOnly | UnixFileMode.OtherRead);
        Assert.Equal(401, await Status(http, "Bearer", "the-token-of-the-user"));
        File.SetUnixFileMode(TokenFile, OwnerOnly);
        Assert.Equal(200, await Status(http, "Bearer", "the-token-of-the-user"));

        File.Delete(TokenFile);
        Assert.Equal(401, await Status(http, "Bearer", "the-token-of-the-user"));
    }

    [Fact]
    public async Task A_link_in_the_place_of_the_token_is_refused()
    {
        File.WriteAllText(Stage.Codex.File("elsewhere"), "the-token-of-the-user");
        File.CreateSymbolicLink(TokenFile, Stage.Codex.File("elsewhere"));

        var refused = await Assert.ThrowsAsync<CodexException>(() => Stage.StartHostAsync(new IPEndPoint(IPAddress.Loopback, 0)));

        Assert.Contains("it is a link", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(UnixFileMode.GroupRead, "the-token-of-the-user", "chmod 600")]
    [InlineData(UnixFileMode.OtherRead, "the-token-of-the-user", "chmod 600")]
    [InlineData(UnixFileMode.OtherWrite, "the-token-of-the-user", "chmod 600")]
    [InlineData(UnixFileMode.None, "short", "fewer than 16")]
    [InlineData(UnixFileMode.None, "", "fewer than 16")]
    public async Task A_token_that_is_no_secret_is_refused(UnixFileMode more, string token, string says)
    {
        File.WriteAllText(TokenFile, token);
        File.SetUnixFileMode(TokenFile, UnixFileMode.UserRead | UnixFileMode.UserWrite | more);

        var refused = await Assert.ThrowsAsync<CodexException>(() => Stage.StartHostAsync(new IPEndPoint(IPAddress.Loopback, 0)));

        Assert.Contains(says, refused.Message, StringComparison.Ordinal);
        Assert.Contains(TokenFile, refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("0.0.0.0:7400", "Other machines")]
    [InlineData("192.168.0.1:7400", "Other machines")]
    [InlineData("[::]:7400", "Other machines")]
    [InlineData("127.0.0.1", "not a valid address")]
    [InlineData("7400", "not a valid address")]
    [InlineData("example.org:80", "not a valid address")]
    [InlineData("127.0.0.1:99999", "not a valid address")]
    public void An_address_that_others_could_reach_or_that_is_none_is_refused(string address, string says) =>
        Assert.Contains(says, Assert.Throws<CodexException>(() => LoopbackAddress.Parse(address)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("127.0.0.1:7400", "127.0.0.1:7400")]
    [InlineData("localhost:7400", "127.0.0.1:7400")]
    [InlineData("[::1]:0", "[::1]:0")]
    public void An_address_of_this_machine_is_taken(string address, string endpoint) =>
        Assert.Equal(endpoint, LoopbackAddress.Parse(address).ToString());

    [Fact]
    public async Task A_port_that_is_taken_is_told_of()
    {
        await Stage.StartHostAsync(new IPEndPoint(IPAddress.Loopback, 0));
        await using var other = new DaemonStage();

        var refused = await Assert.ThrowsAsync<CodexException>(() =>
            other.StartHostAsync(new IPEndPoint(IPAddress.Loopback, new Uri(Stage.Host.Address!).Port))
        );

        Assert.Contains("--listen", refused.Message, StringComparison.Ordinal);
    }

    private static async Task<int> Status(HttpClient http, string scheme, string token)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/status");
        request.Headers.TryAddWithoutValidation("Authorization", $"{scheme} {token}");
        using var response = await http.SendAsync(request);
        return (int)response.StatusCode;
    }
}
