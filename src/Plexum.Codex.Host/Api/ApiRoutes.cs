using System.Collections.Immutable;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Plexum.Codex.Host.Api.Http;
using Plexum.Codex.Host.Daemon;

namespace Plexum.Codex.Host.Api;

/// <summary>All endpoints of the daemon.</summary>
internal static class ApiRoutes
{
    public static ImmutableArray<ApiRoute> Of(DaemonContext daemon)
    {
        var turns = new TurnEndpoints(daemon);
        var agents = new AgentEndpoints(daemon);
        var tools = new ToolEndpoints(daemon);
        var molecule = new MoleculeEndpoints(daemon);
        var status = new StatusEndpoints(daemon);
        return
        [
            new("POST", "/v1/agents/{agent}/turns", turns.SubmitAsync),
            new("POST", "/v1/agents/{agent}/consume", new ConsumeEndpoint(daemon).ConsumeAsync),
            new("GET", "/v1/turns", turns.ListAsync),
            new("GET", "/v1/turns/{turn}", turns.GetAsync),
            new("GET", "/v1/turns/{turn}/events", turns.EventsAsync),
            new("POST", "/v1/turns/{turn}/cancel", turns.CancelAsync),
            new("GET", "/v1/turns/{turn}/tool-calls", tools.CallsAsync),
            new("POST", "/v1/turns/{turn}/tool-calls/{call}", tools.AnswerAsync),
            new("GET", "/v1/agents", agents.ListAsync),
            new("GET", "/v1/agents/{agent}", agents.GetAsync),
            new("GET", "/v1/usage", agents.UsageAsync),
            new("GET", "/v1/molecule/dead-letters", molecule.ListAsync),
            new("POST", "/v1/molecule/dead-letters/requeue", molecule.RequeueAsync),
            new("GET", "/v1/status", status.StatusAsync),
            new("GET", "/healthz", StatusEndpoints.HealthAsync),
            new("GET", "/readyz", status.ReadyAsync),
            new("GET", "/openapi.json", OpenApi.WriteAsync),
        ];
    }

    public static void Map(IEndpointRouteBuilder builder, DaemonContext daemon)
    {
        foreach (var route in Of(daemon))
        {
            builder.MapMethods(route.Pattern, [route.Method], route.Handle);
        }
    }
}
