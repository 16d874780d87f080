using System.Collections.Immutable;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Plexum.Codex.Host.Access;
using Plexum.Codex.Host.Api.Approvals;
using Plexum.Codex.Host.Api.Http;
using Plexum.Codex.Host.Daemon;

namespace Plexum.Codex.Host.Api;

/// <summary>All endpoints of the daemon.</summary>
internal static class ApiRoutes
{
    public static ImmutableArray<ApiRoute> Of(DaemonContext daemon)
    {
        var turns = new TurnEndpoints(daemon);
        var steer = new SteerEndpoint(daemon);
        var agents = new AgentEndpoints(daemon);
        var tools = new ToolEndpoints(daemon);
        var molecule = new MoleculeEndpoints(daemon);
        var status = new StatusEndpoints(daemon);
        var consume = new ConsumeEndpoint(daemon);
        var settings = new SettingsEndpoint(daemon);
        var problems = new ProblemsEndpoint(daemon);
        var approvals = new ApprovalEndpoints(daemon);
        return
        [
            new("POST", "/v1/agents/{agent}/turns", AccessScopes.Submit, turns.SubmitAsync)
            {
                Action = "submit",
                Parameters = ["event_names"],
            },
            new("POST", "/v1/agents/{agent}/consume", AccessScopes.Submit, consume.ConsumeAsync) { Action = "consume" },
            new("GET", "/v1/turns", AccessScopes.Read, turns.ListAsync) { Parameters = ["prefix", "agent", "state", "before", "limit"] },
            new("GET", "/v1/turns/{turn}", AccessScopes.Read, turns.GetAsync),
            new("GET", "/v1/turns/{turn}/events", AccessScopes.Read, turns.EventsAsync) { Parameters = ["from", "event_names"] },
            new("POST", "/v1/turns/{turn}/cancel", AccessScopes.Cancel, turns.CancelAsync) { Action = "cancel" },
            new("POST", "/v1/turns/{turn}/steer", AccessScopes.Submit, steer.SteerAsync) { Action = "steer" },
            new("GET", "/v1/turns/{turn}/tool-calls", AccessScopes.Submit, tools.CallsAsync),
            new("POST", "/v1/turns/{turn}/tool-calls/{call}", AccessScopes.Submit, tools.AnswerAsync) { Action = "answer_tool_call" },
            new("GET", "/v1/approvals", AccessScopes.Read, approvals.ListAsync) { Parameters = ["turn", "agent"] },
            new("POST", "/v1/turns/{turn}/approvals/{approval}", AccessScopes.Approve, approvals.AnswerAsync) { Action = "approve" },
            new("GET", "/v1/agents", AccessScopes.Read, agents.ListAsync) { Parameters = ["after", "limit"] },
            new("GET", "/v1/agents/{agent}", AccessScopes.Read, agents.GetAsync),
            new("GET", "/v1/usage", AccessScopes.Read, agents.UsageAsync) { Parameters = ["from", "to", "agent"] },
            new("GET", "/v1/molecule/dead-letters", AccessScopes.Read, molecule.ListAsync) { Parameters = ["after", "limit"] },
            new("POST", "/v1/molecule/dead-letters/requeue", AccessScopes.Admin, molecule.RequeueAsync) { Action = "requeue" },
            new("GET", "/v1/status", AccessScopes.Read, status.StatusAsync),
            new("GET", "/v1/problems", AccessScopes.Read, problems.GetAsync),
            new("GET", "/v1/settings", AccessScopes.Admin, settings.GetAsync),
            new("POST", "/v1/drain", AccessScopes.Admin, status.DrainAsync) { Action = "drain" },
            new("GET", "/healthz", AccessScopes.None, StatusEndpoints.HealthAsync),
            new("GET", "/livez", AccessScopes.None, StatusEndpoints.HealthAsync),
            new("GET", "/readyz", AccessScopes.None, status.ReadyAsync),
            new("GET", "/openapi.json", AccessScopes.None, OpenApi.WriteAsync),
        ];
    }

    public static void Map(IEndpointRouteBuilder builder, DaemonContext daemon)
    {
        foreach (var route in Of(daemon))
        {
            builder.MapMethods(route.Pattern, route.Methods, context => route.RunAsync(context, daemon.Audit));
        }
    }
}
