namespace Plexum.Codex.Host.Logging;

public sealed class QueryStringSpecs : DaemonProcessTest
{
    private const string Planted = "planted-secret-of-a-client";

    [Fact]
    public async Task Even_at_its_loudest_the_daemons_log_has_no_query_string_and_no_header()
    {
        var port = TcpSession.FreePort();
        Daemon.Arguments.AddRange(["--listen", FormattableString.Invariant($"127.0.0.1:{port}")]);
        await Daemon.StartAsync("log.level=verbose", "log.console-level=verbose");
        using var session = await TcpSession.OpenAsync(port);

        Assert.Equal(401, await session.GetAsync($"/v1/turns?token={Planted}", Planted));
        (await Daemon.Api.GetAsync($"/v1/turns?agent={Planted}")).Must(200);
        (await Daemon.Api.GetAsync($"/v1/turns?limit={Planted}")).Must(400);
        (await Daemon.Api.GetAsync($"/nothing?{Planted}")).Must(404);
        await Daemon.StopAsync();

        var log = Stage.ProgramLog();
        Assert.Contains("/v1/turns", log, StringComparison.Ordinal);
        Assert.DoesNotContain(Planted, log, StringComparison.Ordinal);
        Assert.DoesNotContain(Planted, Daemon.Errors, StringComparison.Ordinal);
    }
}
