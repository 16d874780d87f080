using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Plexum.Codex.Admission;
using Plexum.Codex.AppServer.Server;
using Plexum.Codex.Client.Documents;
using Plexum.Codex.Host.Api;
using Plexum.Codex.Host.Api.Http;
using Plexum.Codex.Host.Rendering;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Host.Daemon;

public sealed class AppServerStatusSpecs
{
    [Fact]
    public void Every_phase_has_a_name_that_the_OpenAPI_document_tells_of()
    {
        var schemas = JsonNode.Parse(OpenApi.Open())!["components"]!["schemas"]!;

        var names = Enum.GetValues<AppServerPhase>().Select(phase => AppServerStatus.Describe(new AppServerState(phase, 0, 0, 0)).Phase);

        Assert.Equal(schemas["AppServer"]!["properties"]!["phase"]!["enum"]!.AsArray().Select(word => (string)word!), names);
    }

    [Theory]
    [InlineData(3, 2, 2, 1)]
    [InlineData(3, 0, 0, 3)]
    [InlineData(1, 2, 1, 0)]
    [InlineData(3, null, null, null)]
    public void Slots_say_how_many_of_their_turns_run_in_the_server(int used, int? running, int? warm, int? exec)
    {
        ImmutableArray<AgentId> held = [.. Enumerable.Range(0, used).Select(number => AgentId.Parse($"a{number}"))];
        var server = running is { } turns ? new AppServerDocument("ready", 5, turns, 0, []) : null;

        var slots = StatusEndpoints.SlotsOf(new AdmissionProtocol.AdmissionSnapshot(8, held, [], IsDraining: false), server);

        Assert.Equal((used, warm, exec), (slots.Used, slots.AppServer, slots.Exec));
    }

    [Fact]
    public void A_server_that_was_never_needed_is_not_worth_a_line() =>
        Assert.False(AppServerTexts.IsOfInterest(AppServerStatus.Describe(AppServerState.None)));

    [Fact]
    public void A_server_is_described_with_all_that_is_known()
    {
        var server = AppServerStatus.Describe(
            new AppServerState(AppServerPhase.Ready, 1, 2, 3)
            {
                Pid = 4711,
                Version = "0.169.0",
                ResidentBytes = 150 << 20,
                DrainingPids = [12, 13],
            }
        );

        Assert.Equal("ready, process 4711, codex 0.169.0, 150 MiB", AppServerTexts.Describe(server));
        Assert.Equal(
            "1 thread loaded, 2 turns running, 3 restarts, finishing their turns: processes 12, 13",
            AppServerTexts.DescribeWork(server)
        );
    }
}
