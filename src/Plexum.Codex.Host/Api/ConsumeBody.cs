using System.Collections.Immutable;
using System.Text.Json;
using Plexum.Codex.Host.Api.Http;
using Plexum.Codex.Requests;

namespace Plexum.Codex.Host.Api;

/// <summary>The body of a consume request: <c>{workspace?, mutations: [{block_id, op}]}</c>.</summary>
/// <param name="Workspace">The workspace, or null for the agent's own.</param>
/// <param name="Calls">Which calls to consume, and how.</param>
internal sealed record ConsumeBody(string? Workspace, ImmutableArray<CallToConsume> Calls)
{
    private const int MaxErrors = 20;

    /// <summary>Reads the body.</summary>
    /// <exception cref="ProblemException">The body is invalid; the problem lists its errors.</exception>
    public static ConsumeBody Read(JsonElement root)
    {
        var errors = ImmutableArray.CreateBuilder<string>();
        var workspace = Text(root, "workspace", "workspace", required: false);
        var toConsume = ImmutableArray.CreateBuilder<CallToConsume>();
        if (!root.TryGetProperty("mutations", out var list) || list.ValueKind != JsonValueKind.Array)
        {
            Reject("mutations", "must be a list of {\"block_id\", \"op\"}");
        }
        else
        {
            foreach (var (index, item) in list.EnumerateArray().Index())
            {
                var path = FormattableString.Invariant($"mutations[{index}]");
                if (item.ValueKind != JsonValueKind.Object)
                {
                    Reject(path, "must be an object");
                    continue;
                }

                var (block, op) = (
                    Text(item, "block_id", $"{path}.block_id", required: true),
                    Text(item, "op", $"{path}.op", required: true)
                );
                toConsume.Add(new CallToConsume(block ?? "", op ?? ""));
            }
        }

        return errors.Count == 0
            ? new ConsumeBody(workspace, toConsume.ToImmutable())
            : throw new ProblemException(Problem.BadBody(errors.ToImmutable()));

        string? Text(JsonElement parent, string name, string path, bool required)
        {
            if (!parent.TryGetProperty(name, out var value) || value.ValueKind == JsonValueKind.Null)
            {
                if (required)
                {
                    Reject(path, "must be a string; it is missing");
                }

                return null;
            }

            if (value.ValueKind == JsonValueKind.String)
            {
                return value.GetString();
            }

            Reject(path, "must be a string");
            return null;
        }

        void Reject(string path, string what)
        {
            if (errors.Count < MaxErrors)
            {
                errors.Add($"{path}: {what}.");
            }
        }
    }
}
