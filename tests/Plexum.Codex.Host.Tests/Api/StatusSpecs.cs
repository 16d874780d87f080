using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Plexum.Codex.Host.Daemon;
using Plexum.Codex.Host.Health;
using Plexum.Codex.Problems;

namespace Plexum.Codex.Host.Api;

public sealed class StatusSpecs : DaemonTest
{
    [Fact]
    public async Task A_ledger_that_hangs_does_not_keep_the_status_from_telling_what_is_wrong()
    {
        await Stage.StartHostAsync();
        Stage.Host.Context.Problems.Begins(ProblemKinds.PlatformRefused, "It refuses.");
        var time = new ManualTime();
        using var daemon = new DaemonContext(Stage.Settings, HangingLedger.New()) { Time = time };
        daemon.Begin(Stage.Host.Context.Actors);
        using var body = new MemoryStream();
        var http = new DefaultHttpContext();
        http.Response.Body = body;

        var answering = new StatusEndpoints(daemon).StatusAsync(http);
        await Limits.UntilAsync(() => time.Sleepers > 0);
        time.Advance(DaemonHealth.Limit);
        await answering.WithinLimit();

        await http.Response.BodyWriter.FlushAsync();
        var status = JsonNode.Parse(body.ToArray())!.AsObject();
        Assert.False(status.ContainsKey("turns"));
        Assert.Contains(status["problems"]!.AsArray(), problem => (string)problem!["code"]! == "platform_refused");
    }
}
