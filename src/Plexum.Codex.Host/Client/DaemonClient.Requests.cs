using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Plexum.Codex.Host.Api.Documents;
using Plexum.Codex.Ledger;
using Plexum.Codex.Rollouts;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Host.Client;

/// <content>What can be asked of the daemon.</content>
public sealed partial class DaemonClient
{
    private const int PageSize = 500;

    /// <summary>Hands a turn in.</summary>
    /// <param name="request">The turn.</param>
    /// <param name="key">The request's own name, so that sending it once more gives the same turn.</param>
    /// <param name="cancellationToken">Gives up; the turn may have been taken in.</param>
    public Task<AcceptedDocument> SubmitAsync(TurnRequest request, string key, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        var body = TurnRequestJson.Write(request, key);
        return SendAsync(() => Post($"/v1/agents/{request.AgentId}/turns", body), ApiJson.Default.AcceptedDocument, cancellationToken);
    }

    /// <summary>Cancels a turn.</summary>
    /// <param name="turn">The turn.</param>
    /// <param name="force">Whether codex is killed at once.</param>
    /// <param name="cancellationToken">Gives up; the turn may have been cancelled.</param>
    public Task<CancelDocument> CancelAsync(TurnId turn, bool force, CancellationToken cancellationToken = default)
    {
        var body = force ? "{\"force\":true}"u8.ToArray() : "{}"u8.ToArray();
        return SendAsync(() => Post($"/v1/turns/{turn}/cancel", body), ApiJson.Default.CancelDocument, cancellationToken);
    }

    /// <summary>One turn.</summary>
    public Task<TurnDocument> TurnAsync(TurnId turn, CancellationToken cancellationToken = default) =>
        SendAsync(() => Get($"/v1/turns/{turn}"), ApiJson.Default.TurnDocument, cancellationToken);

    /// <summary>The newest turns.</summary>
    /// <param name="agent">Only this agent's; null for all.</param>
    /// <param name="state">Only those in this state; null for all.</param>
    /// <param name="limit">How many at most.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<TurnsDocument> TurnsAsync(AgentId? agent, TurnState? state, int limit, CancellationToken cancellationToken = default)
    {
        var filter = (agent is { } of ? $"&agent={of}" : "") + (state is { } now ? $"&state={now.ToWireName()}" : "");
        var turns = ImmutableArray.CreateBuilder<TurnDocument>();
        long? before = null;
        do
        {
            var path = string.Create(CultureInfo.InvariantCulture, $"/v1/turns?limit={Math.Min(limit - turns.Count, PageSize)}{filter}{(before is { } number ? $"&before={number}" : "")}");
            var page = await SendAsync(() => Get(path), ApiJson.Default.TurnsDocument, cancellationToken).ConfigureAwait(false);
            turns.AddRange(page.Turns);
            before = page.Next;
        }
        while (before is not null && turns.Count < limit);
        return new TurnsDocument(turns.ToImmutable(), before);
    }

    /// <summary>All agents.</summary>
    public async Task<AgentsDocument> AgentsAsync(CancellationToken cancellationToken = default)
    {
        var agents = ImmutableArray.CreateBuilder<AgentDocument>();
        string? after = null;
        do
        {
            var path = string.Create(CultureInfo.InvariantCulture, $"/v1/agents?limit={PageSize}{(after is null ? "" : $"&after={after}")}");
            var page = await SendAsync(() => Get(path), ApiJson.Default.AgentsDocument, cancellationToken).ConfigureAwait(false);
            agents.AddRange(page.Agents);
            after = page.Next;
        }
        while (after is not null);
        return new AgentsDocument(agents.ToImmutable());
    }

    /// <summary>One agent.</summary>
    public Task<AgentDocument> AgentAsync(AgentId agent, CancellationToken cancellationToken = default) =>
        SendAsync(() => Get($"/v1/agents/{agent}"), ApiJson.Default.AgentDocument, cancellationToken);

    /// <summary>How the daemon is.</summary>
    public Task<StatusDocument> StatusAsync(CancellationToken cancellationToken = default) =>
        SendAsync(() => Get("/v1/status"), ApiJson.Default.StatusDocument, cancellationToken);

    /// <summary>All messages of the molecule platform that were given up.</summary>
    public async Task<ImmutableArray<DeadLetterDocument>> DeadLettersAsync(CancellationToken cancellationToken = default)
    {
        var letters = ImmutableArray.CreateBuilder<DeadLetterDocument>();
        long? after = 0;
        do
        {
            var path = string.Create(CultureInfo.InvariantCulture, $"/v1/molecule/dead-letters?limit={PageSize}&after={after}");
            var page = await SendAsync(() => Get(path), ApiJson.Default.DeadLettersDocument, cancellationToken).ConfigureAwait(false);
            letters.AddRange(page.DeadLetters);
            after = page.Next;
        }
        while (after is not null);
        return letters.ToImmutable();
    }

    /// <summary>Opens messages again that were given up.</summary>
    /// <param name="activityId">Which one; null for all.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public Task<RequeuedDocument> RequeueAsync(string? activityId, CancellationToken cancellationToken = default)
    {
        var body = Encoding.UTF8.GetBytes((activityId is null ? new JsonObject { ["all"] = true } : new JsonObject { ["activity_id"] = activityId }).ToJsonString());
        return SendAsync(() => Post("/v1/molecule/dead-letters/requeue", body), ApiJson.Default.RequeuedDocument, cancellationToken);
    }

    /// <summary>What was used on the days up to one (UTC).</summary>
    public Task<UsageDocument> UsageAsync(AgentId? agent, DateOnly from, DateOnly to, CancellationToken cancellationToken = default)
    {
        var path = string.Create(CultureInfo.InvariantCulture, $"/v1/usage?from={from:yyyy-MM-dd}&to={to:yyyy-MM-dd}{(agent is { } of ? $"&agent={of}" : "")}");
        return SendAsync(() => Get(path), ApiJson.Default.UsageDocument, cancellationToken);
    }

    /// <summary>Has tool calls of an agent's thread consumed; that waits for the turns that stand before it.</summary>
    public Task<ConsumeDocument> ConsumeAsync(
        AgentId agent, string? workspace, IEnumerable<RolloutMutation> mutations, CancellationToken cancellationToken = default)
    {
        var body = Encoding.UTF8.GetBytes(new JsonObject
        {
            ["workspace"] = workspace,
            ["mutations"] = new JsonArray([.. mutations.Select(mutation => new JsonObject { ["block_id"] = mutation.BlockId, ["op"] = mutation.Op })]),
        }.ToJsonString());
        return SendAsync(
            () => Post($"/v1/agents/{agent}/consume", body), ApiJson.Default.ConsumeDocument, cancellationToken, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Begins to read a turn's events.</summary>
    /// <param name="turn">The turn.</param>
    /// <param name="after">The last event that is known already; 0 for none.</param>
    public TurnEventReader Read(TurnId turn, long after = 0) => new(_http, _time, _patience, Silence, turn, after);

    /// <summary>Begins to read the calls of a turn's tools.</summary>
    public ToolCallReader ReadToolCalls(TurnId turn) => new(_http, _time, _patience, Silence, turn);

    /// <summary>Answers a call of a turn's tools.</summary>
    /// <param name="turn">The turn.</param>
    /// <param name="call">The call's id.</param>
    /// <param name="answer">A JSON object with <c>content</c> and <c>is_error</c>.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="DaemonRefusedException">The call does not wait any more, or the answer cannot be understood.</exception>
    public Task AnswerToolCallAsync(TurnId turn, string call, byte[] answer, CancellationToken cancellationToken = default) =>
        SendAsync(() => Post($"/v1/turns/{turn}/tool-calls/{Uri.EscapeDataString(call)}", answer), (_, _) => ValueTask.FromResult(true), cancellationToken);
}
