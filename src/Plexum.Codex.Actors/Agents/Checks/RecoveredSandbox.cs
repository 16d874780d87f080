using Plexum.Codex.Requests;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Agents.Checks;

/// <summary>
/// The sandbox of a turn that an earlier process of this program accepted. The settings may have changed since, and a turn of an earlier
/// version that answers a message names none.
/// </summary>
public static class RecoveredSandbox
{
    /// <summary>What the idempotency keys of turns that answer messages of an inbox begin with.</summary>
    public const string InboxKey = "molecule-";

    /// <summary>Whether a turn answers a message of an inbox, or its submitter has it treated like one, which allows it nothing.</summary>
    internal static bool IsOfInbox(string? idempotencyKey) => idempotencyKey?.StartsWith(InboxKey, StringComparison.Ordinal) == true;

    /// <summary>The request with a sandbox that the settings of now allow: what it asks for, unless that may allow more.</summary>
    internal static TurnRequest Limit(TurnRequest request, string? idempotencyKey, AgentSettings settings)
    {
        var network = settings.ConfinedHasNetwork;
        if (!IsOfInbox(idempotencyKey))
        {
            return request.Sandbox is { } asked && !asked.IsAtLeastAsStrictAs(settings.Sandbox, network)
                ? request with
                {
                    Sandbox = null,
                }
                : request;
        }

        var wanted = request.Sandbox ?? settings.Sandbox;
        return request with { Sandbox = wanted.IsAtLeastAsStrictAs(settings.InboxSandbox, network) ? wanted : settings.InboxSandbox };
    }
}
