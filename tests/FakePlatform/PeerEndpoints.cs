using System.Text.Json.Nodes;

namespace Plexum.Codex.Molecule;

/// <summary>What one workspace sends another.</summary>
internal sealed class PeerEndpoints(FakePlatform platform)
{
    public Answer Send(PlatformRequest request, string targetId)
    {
        // Without the header the message is the canvas user's, and whoever may speak for the target may say it.
        FakeWorkspace? from = null;
        if (request.Headers.TryGetValue("X-Workspace-ID", out var caller))
        {
            from = platform.State.Find(caller);
            if (from is null || !Guards.Owns(from, request))
            {
                return platform.State.Workspaces.Values.Any(workspace => Guards.Owns(workspace, request))
                    ? Answer.Error(403, "X-Workspace-ID does not match the token")
                    : Answer.Error(401, "invalid workspace auth token");
            }
        }
        else if (!platform.State.Workspaces.Values.Any(workspace => Guards.Owns(workspace, request)))
        {
            return Answer.Error(401, "missing workspace auth token");
        }

        if (platform.State.Find(targetId) is not { IsRemoved: false } target)
        {
            return Answer.Error(404, "workspace not found");
        }

        if (from is not null && !from.MayTalkTo(target))
        {
            return Answer.Error(403, "access denied: workspaces cannot communicate per hierarchy rules");
        }

        if (request.Json() is not { } body || RegistryEndpoints.Text(body, "method") is not { } method)
        {
            return Answer.Error(400, "invalid JSON-RPC request");
        }

        if (body["jsonrpc"]?.ToString() != "2.0" || A2a.Problem(body, out var messageId, out var text) is { } problem)
        {
            return A2a.Error(body, -32600, A2a.Problem(body, out _, out _) ?? "jsonrpc must be 2.0");
        }

        return Deliver(target, from, body, method, new PeerMessage(messageId, from?.Id, text));
    }

    public Answer Delegate(PlatformRequest request, FakeWorkspace source)
    {
        if (
            request.Json() is not { } body
            || !Guid.TryParse(RegistryEndpoints.Text(body, "target_id"), out var targetId)
            || RegistryEndpoints.Text(body, "task") is not { Length: > 0 } task
        )
        {
            return Answer.Error(400, "target_id and task are required");
        }

        if (platform.State.Find(targetId.ToString()) is not { IsRemoved: false } target)
        {
            return Answer.Error(404, "workspace not found");
        }

        if (target == source)
        {
            return Answer.Error(400, "cannot delegate to self");
        }

        var key = RegistryEndpoints.Text(body, "idempotency_key");
        if (
            key is not null
            && platform.State.Delegations.Find(known => known.Key == key && known.Source == source.Id && known.Status != "failed")
                is { } earlier
        )
        {
            return Answer.Of(
                200,
                new JsonObject
                {
                    ["delegation_id"] = earlier.Id,
                    ["status"] = earlier.Status,
                    ["target_id"] = target.Id,
                    ["idempotent_hit"] = true,
                }
            );
        }

        var delegation = new Delegation(source.Id, target.Id, task, key, platform.Time.GetUtcNow());
        platform.State.Delegations.Add(delegation);
        var sent = A2a.Request(task, delegation.Id);
        sent["params"]!["message"]!["parts"] = new JsonArray(new JsonObject { ["type"] = "text", ["text"] = task });
        Deliver(target, source, sent, "message/send", new PeerMessage(delegation.Id, source.Id, task));
        return Answer.Of(
            202,
            new JsonObject
            {
                ["delegation_id"] = delegation.Id,
                ["status"] = "delegated",
                ["target_id"] = target.Id,
            }
        );
    }

    public Answer Delegations(FakeWorkspace workspace) =>
        Answer.Of(
            200,
            new JsonArray([
                .. platform
                    .State.Delegations.Where(delegation => delegation.Source == workspace.Id || delegation.Target == workspace.Id)
                    .Reverse()
                    .Take(50)
                    .Select(JsonNode? (delegation) => delegation.ToJson(workspace.Id)),
            ])
        );

    private Answer Deliver(FakeWorkspace target, FakeWorkspace? from, JsonObject body, string method, PeerMessage message)
    {
        switch (target.Behaviour)
        {
            case PeerBehaviour.IsRestarting:
                return Answer.Of(
                    503,
                    new JsonObject { ["error"] = "workspace agent is restarting", ["restarting"] = true },
                    retryAfter: 15
                );
            case PeerBehaviour.IsUnreachable:
                return Answer.Error(502, "failed to reach workspace agent");
            case PeerBehaviour.Refuses:
                return A2a.Error(body, -32603, "the peer will not");
            case PeerBehaviour.IsOverBudget:
                return Answer.Error(402, "workspace budget exceeded");
        }

        // The index on (workspace, message id) keeps a repetition out of the activity.
        if (target.MessageIds.Add(message.MessageId))
        {
            target.Messages.Add(message);
            platform.State.Write(
                target,
                new ActivityRow
                {
                    WorkspaceId = target.Id,
                    SourceId = from?.Id,
                    TargetId = target.Id,
                    Method = method,
                    Summary = message.Text,
                    RequestBody = body.DeepClone(),
                    MessageId = message.MessageId,
                }
            );
        }

        return target.Behaviour switch
        {
            PeerBehaviour.Replies => Answer.Of(
                200,
                new JsonObject
                {
                    ["jsonrpc"] = "2.0",
                    ["id"] = body["id"]?.DeepClone(),
                    ["result"] = new JsonObject { ["parts"] = new JsonArray(new JsonObject { ["kind"] = "text", ["text"] = "thanks" }) },
                }
            ),
            PeerBehaviour.Queues => Answer.Of(
                202,
                new JsonObject
                {
                    ["queued"] = true,
                    ["queue_id"] = Guid.NewGuid().ToString(),
                    ["queue_depth"] = 1,
                    ["message"] = "workspace agent busy",
                }
            ),
            PeerBehaviour.IsBusy => Answer.Of(503, new JsonObject { ["error"] = "workspace agent busy", ["busy"] = true }, retryAfter: 30),
            _ => Answer.Of(
                200,
                new JsonObject
                {
                    ["status"] = "queued",
                    ["delivery_mode"] = "poll",
                    ["method"] = method,
                }
            ),
        };
    }
}
