using System.Text.Json.Nodes;
using Plexum.Codex.Host.Access;

namespace Plexum.Codex.Host.Commands;

public sealed class TokenCommandSpecs : IDisposable
{
    private readonly HostStage _stage = new();

    public void Dispose() => _stage.Dispose();

    [Fact]
    public async Task A_token_is_created_listed_used_and_revoked()
    {
        var port = TcpSession.FreePort();
        await using var daemon = _stage.NewDaemon();
        daemon.Arguments.AddRange(["--listen", FormattableString.Invariant($"127.0.0.1:{port}")]);
        await daemon.StartAsync();

        var created = await _stage.RunAsync("token", "create", "ci", "--scope", "read,submit", "--expires", "30d");
        var secret = Assert.Single(created.Lines);
        Assert.Equal(0, created.ExitCode);
        using var session = await TcpSession.OpenAsync(port);
        Assert.Equal(200, await session.GetAsync("/v1/turns", secret));

        var listed = await _stage.RunAsync("token", "list", "--json");
        var token = Assert.Single(JsonNode.Parse(Assert.Single(listed.Lines))!["tokens"]!.AsArray())!;
        Assert.Equal("ci", (string)token["name"]!);
        Assert.Equal(["read", "submit"], token["scopes"]!.AsArray().Select(scope => (string)scope!));
        Assert.DoesNotContain(secret[TokenSecret.Prefix.Length..], listed.Output, StringComparison.Ordinal);
        Assert.Contains("read, submit", (await _stage.RunAsync("token", "list")).Output, StringComparison.Ordinal);

        Assert.Equal(0, (await _stage.RunAsync("token", "revoke", "ci")).ExitCode);
        Assert.Equal(401, await session.GetAsync("/v1/turns", secret));
        var entries = (await File.ReadAllLinesAsync(Path.Combine(_stage.Profile, "logs", "audit.jsonl")))
            .Select(line => JsonNode.Parse(line)!)
            .Where(line => (string?)line["token"] == "ci")
            .ToArray();
        Assert.Equal(["create_token", "revoke_token"], entries.Select(line => (string)line["action"]!));
        Assert.Equal(["read", "submit"], entries[0]["scopes"]!.AsArray().Select(scope => (string)scope!));
        Assert.NotNull(entries[0]["expires_at"]);
    }

    [Theory]
    [InlineData("token", "create", "ci", "--scope", "write")]
    [InlineData("token", "create", "ci", "--scope", "read", "--expires", "30")]
    [InlineData("token", "create", "ci", "--scope", "read", "--expires", "0d")]
    [InlineData("token", "create", "../ci", "--scope", "read")]
    [InlineData("token", "create", OwnerToken.Name, "--scope", "read")]
    [InlineData("token", "create", "ci")]
    [InlineData("token", "revoke", "nobody")]
    [InlineData("token")]
    public async Task What_cannot_be_done_is_refused_and_changes_nothing(params string[] arguments)
    {
        var end = await _stage.RunAsync(arguments);

        Assert.Equal((2, ""), (end.ExitCode, end.Output));
        Assert.NotEmpty(end.Errors);
        Assert.False(File.Exists(Path.Combine(_stage.Profile, "api-tokens.json")));
    }

    [Fact]
    public async Task A_name_is_given_once()
    {
        Assert.Equal(0, (await _stage.RunAsync("token", "create", "ci", "--scope", "read", "--expires", "never")).ExitCode);

        var again = await _stage.RunAsync("token", "create", "ci", "--scope", "admin");

        Assert.Equal(2, again.ExitCode);
        Assert.Contains("already is a token ci", again.Errors, StringComparison.Ordinal);
        Assert.Contains("never", (await _stage.RunAsync("token", "list")).Output, StringComparison.Ordinal);
    }
}
