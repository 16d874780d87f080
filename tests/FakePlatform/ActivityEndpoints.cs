using System.Globalization;
using System.Text.Json.Nodes;

namespace Plexum.Codex.Molecule;

/// <summary>A workspace's activity, and what it shows to its user.</summary>
internal sealed class ActivityEndpoints(FakePlatform platform)
{
    private const int MaxRows = 500;

    private static readonly string[] Types =
    [
        "a2a_send",
        "a2a_receive",
        "task_update",
        "agent_log",
        "skill_promotion",
        "memory_write",
        "error",
    ];

    public Answer List(PlatformRequest request, FakeWorkspace workspace)
    {
        var query = request.Query;
        var rows = workspace.Activity.AsEnumerable();
        var isForward = query.TryGetValue("since_id", out var since);
        if (isForward)
        {
            if (!workspace.Places.TryGetValue(since!, out var place))
            {
                return Answer.Error(410, "since_id cursor not found: it is unknown, or the row was pruned");
            }

            rows = workspace.Activity.Skip(place + 1);
        }

        if (Filter(query) is not { } filter)
        {
            return Answer.Error(400, "bad query: since_secs, before_ts, source or peer_id");
        }

        rows = rows.Where(filter);
        if (!isForward)
        {
            rows = rows.Reverse();
        }

        var limit =
            int.TryParse(query.GetValueOrDefault("limit"), NumberStyles.None, CultureInfo.InvariantCulture, out var asked) && asked > 0
                ? Math.Min(asked, MaxRows)
                : 100;
        var withPeers = query.GetValueOrDefault("include") == "peer_info";
        return Answer.Of(
            200,
            new JsonArray([
                .. rows.Take(limit)
                    .Select(JsonNode? (row) => row.ToJson(withPeers && row.SourceId is { } peer ? platform.State.Find(peer) : null)),
            ])
        );
    }

    public Answer Report(PlatformRequest request, FakeWorkspace workspace)
    {
        if (request.Json() is not { } body || RegistryEndpoints.Text(body, "activity_type") is not { } type || !Types.Contains(type))
        {
            return Answer.Error(400, "invalid activity_type");
        }

        var source = RegistryEndpoints.Text(body, "source_id") is { Length: > 0 } named ? named : workspace.Id;
        if (source != workspace.Id)
        {
            return Answer.Error(403, "source_id must match authenticated workspace");
        }

        platform.State.Write(
            workspace,
            new ActivityRow
            {
                WorkspaceId = workspace.Id,
                Type = type,
                SourceId = source,
                TargetId = RegistryEndpoints.Text(body, "target_id"),
                Method = RegistryEndpoints.Text(body, "method"),
                Summary = RegistryEndpoints.Text(body, "summary"),
                RequestBody = body["request_body"]?.DeepClone(),
                ResponseBody = body["response_body"]?.DeepClone(),
            }
        );
        return Answer.Of(200, new JsonObject { ["status"] = "logged" });
    }

    public Answer Ack(PlatformRequest request, FakeWorkspace workspace)
    {
        if (!platform.Options.HasAck)
        {
            return Answer.Error(404, "not found");
        }

        if (request.Json()?["acked_seq"] is not JsonValue value || !value.TryGetValue(out long seq) || seq < 0)
        {
            return Answer.Error(400, "acked_seq is required");
        }

        workspace.AckedSeq = Math.Max(workspace.AckedSeq, seq);
        return Answer.Of(200, new JsonObject { ["last_acked_seq"] = workspace.AckedSeq });
    }

    public Answer Notify(PlatformRequest request, FakeWorkspace workspace)
    {
        if (request.Json() is not { } body || RegistryEndpoints.Text(body, "message") is not { Length: > 0 } message)
        {
            return Answer.Error(400, "message is required");
        }

        if (!workspace.MayTalkToUser)
        {
            return Answer.Error(403, "talk_to_user_disabled", "Forward your update to a parent workspace.");
        }

        platform.State.Write(
            workspace,
            new ActivityRow
            {
                WorkspaceId = workspace.Id,
                Method = "notify",
                Summary = "Agent message: " + (message.Length > 80 ? message[..80] : message),
                ResponseBody = new JsonObject { ["result"] = message },
            }
        );
        return Answer.Of(200, new JsonObject { ["status"] = "sent" });
    }

    private Func<ActivityRow, bool>? Filter(IReadOnlyDictionary<string, string> query)
    {
        var (after, before) = (DateTimeOffset.MinValue, DateTimeOffset.MaxValue);
        if (query.TryGetValue("since_secs", out var seconds))
        {
            if (!int.TryParse(seconds, NumberStyles.None, CultureInfo.InvariantCulture, out var back) || back == 0)
            {
                return null;
            }

            after = platform.Time.GetUtcNow().AddSeconds(-Math.Min(back, 30 * 24 * 60 * 60));
        }

        if (
            query.TryGetValue("before_ts", out var until)
            && !DateTimeOffset.TryParse(until, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out before)
        )
        {
            return null;
        }

        var (type, source, peer) = (
            query.GetValueOrDefault("type", ""),
            query.GetValueOrDefault("source", ""),
            query.GetValueOrDefault("peer_id", "")
        );
        if (source is not ("" or "canvas" or "agent") || (peer.Length > 0 && !Guid.TryParse(peer, out _)))
        {
            return null;
        }

        return row =>
            row.CreatedAt >= after
            && row.CreatedAt < before
            && (type.Length == 0 || row.Type == type)
            && (source.Length == 0 || row.SourceId is null == (source == "canvas"))
            && (peer.Length == 0 || row.SourceId == peer || row.TargetId == peer);
    }
}
