using System.Text.Json.Nodes;

namespace Plexum.Codex.Molecule;

/// <summary>Presence: who is there, and who may know it.</summary>
internal sealed class RegistryEndpoints(FakePlatform platform)
{
    public Answer Register(PlatformRequest request)
    {
        if (request.Json() is not { } body || Text(body, "id") is not { Length: > 0 } id || body["agent_card"] is not JsonObject card)
        {
            return Answer.Error(400, "invalid request body");
        }

        if (Text(card, "name") is not { Length: > 0 } || card["skills"] is not JsonArray)
        {
            return Answer.Error(400, "agent_card needs name and skills");
        }

        switch (Text(body, "delivery_mode"))
        {
            case "poll":
                break;
            case "push" when Text(body, "url") is { Length: > 0 }:
                break;
            case "push":
                return Answer.Error(400, "url is required for push delivery");
            default:
                return Answer.Error(400, "delivery_mode must be push or poll");
        }

        if (platform.State.Find(id) is not { } workspace || !Guards.Owns(workspace, request))
        {
            return Answer.Error(401, "invalid workspace auth token");
        }

        workspace.Registration = body;
        workspace.LastSign = platform.Time.GetUtcNow();
        return Answer.Of(
            200,
            new JsonObject
            {
                ["status"] = "registered",
                ["delivery_mode"] = Text(body, "delivery_mode"),
                ["platform_inbound_secret"] = "inbound-secret",
            }
        );
    }

    public Answer Heartbeat(PlatformRequest request)
    {
        if (request.Json() is not { } body || Text(body, "workspace_id") is not { Length: > 0 } id)
        {
            return Answer.Error(400, "invalid request body");
        }

        if (
            !IsNumber(body, "error_rate")
            || !IsNumber(body, "active_tasks")
            || !IsNumber(body, "uptime_seconds")
            || body["sample_error"] is null
        )
        {
            return Answer.Error(400, "error_rate, sample_error, active_tasks and uptime_seconds are required");
        }

        if (platform.State.Find(id) is not { } workspace || !Guards.Owns(workspace, request))
        {
            return Answer.Error(401, "invalid workspace auth token");
        }

        workspace.Heartbeat = body;
        workspace.LastSign = platform.Time.GetUtcNow();
        return Answer.Of(200, new JsonObject { ["status"] = "ok" });
    }

    public Answer Discover(PlatformRequest request, string id)
    {
        if (!request.Headers.TryGetValue("X-Workspace-ID", out var caller))
        {
            return Answer.Error(400, "X-Workspace-ID header is required");
        }

        if (platform.State.Find(caller) is not { } from || !Guards.Owns(from, request))
        {
            return Answer.Error(401, "invalid workspace auth token");
        }

        if (platform.State.Find(id) is not { IsRemoved: false } to)
        {
            return Answer.Error(404, "workspace not found");
        }

        return from.MayTalkTo(to)
            ? Answer.Of(
                200,
                new JsonObject
                {
                    ["id"] = to.Id,
                    ["url"] = "http://peer.invalid",
                    ["name"] = to.Name,
                    ["status"] = to.IsRegistered && !to.IsOnline ? "offline" : "online",
                }
            )
            : Answer.Error(403, "access denied: workspaces cannot communicate per hierarchy rules");
    }

    public Answer Peers(PlatformRequest request, FakeWorkspace workspace)
    {
        var asked = request.Query.GetValueOrDefault("q", "");
        var peers = platform
            .State.Workspaces.Values.Where(peer =>
                peer != workspace
                && !peer.IsRemoved
                && workspace.MayTalkTo(peer)
                && peer.Name.Contains(asked, StringComparison.OrdinalIgnoreCase)
            )
            .Select(
                JsonNode? (peer) =>
                    new JsonObject
                    {
                        ["id"] = peer.Id,
                        ["name"] = peer.Name,
                        ["role"] = "peer",
                        ["status"] = peer.IsOnline ? "online" : "offline",
                    }
            );
        return Answer.Of(200, new JsonArray([.. peers]));
    }

    public static string? Text(JsonObject body, string name) =>
        body[name] is JsonValue value && value.TryGetValue(out string? text) ? text : null;

    private static bool IsNumber(JsonObject body, string name) => body[name] is JsonValue value && value.TryGetValue(out double _);
}
