using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Plexum.Codex.Approvals;
using Plexum.Codex.Client.Documents;
using Plexum.Codex.Ledger;
using Plexum.Codex.Requests;
using Plexum.Codex.Turns;
using static Plexum.Codex.Client.DaemonRequest;

namespace Plexum.Codex.Client;

/// <summary>A client of a profile's daemon. It retries requests while the daemon restarts.</summary>
public sealed class DaemonClient : IDisposable
{
    /// <summary>How long the daemon may be unreachable before a command gives up.</summary>
    public static readonly TimeSpan DefaultReconnectLimit = TimeSpan.FromSeconds(60);

    private const int PageSize = 500;

    private readonly HttpClient _http;
    private readonly TimeProvider _time;
    private readonly TimeSpan _reconnect;
    private readonly DaemonExchange _exchange;

    /// <param name="socket">The path of the daemon's socket.</param>
    /// <param name="time">The clock.</param>
    /// <param name="reconnect">How long the daemon may be unreachable.</param>
    public DaemonClient(string socket, TimeProvider time, TimeSpan reconnect)
    {
        (Socket, _time, _reconnect) = (socket, time, reconnect);
        _http = DaemonSocket.Client(socket);
        _exchange = new DaemonExchange(_http, socket, time, _reconnect);
    }

    /// <summary>A client whose requests something else answers in the place of a daemon.</summary>
    /// <param name="answers">Answers them as a daemon would; it is disposed of with the client.</param>
    /// <param name="socket">The path of the socket on which no daemon listens.</param>
    /// <param name="time">The clock.</param>
    public DaemonClient(HttpMessageHandler answers, string socket, TimeProvider time)
    {
        (Socket, _time, _reconnect) = (socket, time, TimeSpan.FromSeconds(1));
        _http = new HttpClient(answers) { BaseAddress = new Uri("http://plexum-codex"), Timeout = Timeout.InfiniteTimeSpan };
        _exchange = new DaemonExchange(_http, socket, time, _reconnect);
    }

    /// <summary>The path of the daemon's socket.</summary>
    public string Socket { get; }

    /// <summary>The response header in which the daemon tells its version to its owner.</summary>
    public const string VersionHeader = "Plexum-Codex-Version";

    /// <summary>The version of the daemon that answered last; null if none has, or if it is too old to tell.</summary>
    public string? DaemonVersion => _exchange.Version;

    /// <summary>How long an event stream may be silent before it is considered broken.</summary>
    public TimeSpan Silence { get; init; } = EventStream.DefaultSilence;

    /// <summary>Connects to the daemon that listens at a socket; null if none does.</summary>
    /// <param name="socket">The path of the socket.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="DaemonException">Something listens there, but it cannot be used.</exception>
    public static async Task<DaemonClient?> FindAsync(string socket, CancellationToken cancellationToken = default)
    {
        var client = new DaemonClient(socket, TimeProvider.System, DefaultReconnectLimit);
        var answers = false;
        try
        {
            answers = await client.IsThereAsync(cancellationToken).ConfigureAwait(false);
            return answers ? client : null;
        }
        finally
        {
            if (!answers)
            {
                client.Dispose();
            }
        }
    }

    /// <summary>Closes the connections to the daemon.</summary>
    public void Dispose() => _http.Dispose();

    /// <summary>Whether the daemon answers.</summary>
    /// <exception cref="DaemonException">Something listens there, but it cannot be used.</exception>
    public async Task<bool> IsThereAsync(CancellationToken cancellationToken = default) =>
        File.Exists(Socket) && await _exchange.AnswersAsync(cancellationToken).ConfigureAwait(false);

    /// <summary>Submits a turn.</summary>
    /// <param name="request">The turn.</param>
    /// <param name="key">The idempotency key: a repeated request with the same key returns the same turn.</param>
    /// <param name="cancellationToken">Stops waiting; the turn may have been accepted.</param>
    public Task<AcceptedDocument> SubmitAsync(TurnRequest request, string key, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        var body = TurnRequestJson.Write(request, key);
        return _exchange.SendAsync(
            () => Post($"/v1/agents/{request.AgentId}/turns", body),
            ApiJson.Default.AcceptedDocument,
            cancellationToken
        );
    }

    /// <summary>Cancels a turn.</summary>
    /// <param name="turn">The turn.</param>
    /// <param name="force">Whether to kill codex at once.</param>
    /// <param name="cancellationToken">Stops waiting; the turn may have been cancelled.</param>
    public Task<CancelDocument> CancelAsync(TurnId turn, bool force, CancellationToken cancellationToken = default)
    {
        var body = force ? "{\"force\":true}"u8.ToArray() : "{}"u8.ToArray();
        return _exchange.SendAsync(() => Post($"/v1/turns/{turn}/cancel", body), ApiJson.Default.CancelDocument, cancellationToken);
    }

    /// <summary>Adds a text to a running turn, so that the model sees it before it goes on.</summary>
    /// <param name="turn">The turn.</param>
    /// <param name="text">The text; not empty.</param>
    /// <param name="cancellationToken">Stops waiting; the model may see the text.</param>
    /// <exception cref="DaemonRefusedException">
    /// The turn is unknown or does not run, or what runs it takes no text while it runs (<c>steer_not_supported</c>).
    /// </exception>
    /// <exception cref="DaemonException">The answer was lost, so the model may see the text. It is not said again.</exception>
    public Task<SteerDocument> SteerAsync(TurnId turn, string text, CancellationToken cancellationToken = default)
    {
        var body = Encoding.UTF8.GetBytes(new JsonObject { ["text"] = text }.ToJsonString());
        return _exchange.SendOnceAsync(
            () => Post($"/v1/turns/{turn}/steer", body),
            ApiJson.Default.SteerDocument,
            $"The model may see the text, and would see it twice if it were sent again: look first with \"plexum-codex events {turn}\".",
            cancellationToken
        );
    }

    /// <summary>Lists the questions of codex that wait for an answer, oldest first.</summary>
    public async Task<ImmutableArray<ApprovalDocument>> ApprovalsAsync(CancellationToken cancellationToken = default) =>
        (
            await _exchange
                .SendAsync(() => Get("/v1/approvals"), ApiJson.Default.ApprovalsDocument, cancellationToken)
                .ConfigureAwait(false)
        ).Approvals;

    /// <summary>Answers a question of codex.</summary>
    /// <param name="turn">The turn.</param>
    /// <param name="id">The question.</param>
    /// <param name="answer">The answer.</param>
    /// <param name="cancellationToken">Stops waiting; codex may have got the answer.</param>
    /// <exception cref="DaemonRefusedException">It was answered before, or the turn does not ask it.</exception>
    public Task<ApprovalAnsweredDocument> ApproveAsync(
        TurnId turn,
        ApprovalId id,
        ApprovalAnswer answer,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(answer);
        var body = new JsonObject { ["decision"] = answer.Decision.ToWireName() };
        if (answer.Content is { } content)
        {
            body["answers"] = JsonNode.Parse(content);
        }

        var bytes = Encoding.UTF8.GetBytes(body.ToJsonString());
        return _exchange.SendAsync(
            () => Post($"/v1/turns/{turn}/approvals/{id}", bytes),
            ApiJson.Default.ApprovalAnsweredDocument,
            cancellationToken
        );
    }

    /// <summary>Gets a turn.</summary>
    public Task<TurnDocument> TurnAsync(TurnId turn, CancellationToken cancellationToken = default) =>
        _exchange.SendAsync(() => Get($"/v1/turns/{turn}"), ApiJson.Default.TurnDocument, cancellationToken);

    /// <summary>Lists the newest turns.</summary>
    /// <param name="agent">Only turns of this agent; null for all.</param>
    /// <param name="state">Only turns in this state; null for all.</param>
    /// <param name="limit">The maximum number of turns.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public async Task<TurnsDocument> TurnsAsync(AgentId? agent, TurnState? state, int limit, CancellationToken cancellationToken = default)
    {
        var filter = (agent is { } of ? $"&agent={of}" : "") + (state is { } now ? $"&state={now.ToWireName()}" : "");
        var turns = ImmutableArray.CreateBuilder<TurnDocument>();
        long? before = null;
        do
        {
            var path = string.Create(
                CultureInfo.InvariantCulture,
                $"/v1/turns?limit={Math.Min(limit - turns.Count, PageSize)}{filter}{(before is { } number ? $"&before={number}" : "")}"
            );
            var page = await _exchange.SendAsync(() => Get(path), ApiJson.Default.TurnsDocument, cancellationToken).ConfigureAwait(false);
            turns.AddRange(page.Turns);
            before = page.Next;
        } while (before is not null && turns.Count < limit);
        return new TurnsDocument(turns.ToImmutable(), before);
    }

    /// <summary>Lists the newest turns whose id begins with a text.</summary>
    /// <param name="prefix">The text; a valid id by itself.</param>
    /// <param name="limit">The maximum number of turns, at most 500.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public async Task<ImmutableArray<TurnDocument>> TurnsFromAsync(TurnId prefix, int limit, CancellationToken cancellationToken = default)
    {
        var path = string.Create(CultureInfo.InvariantCulture, $"/v1/turns?limit={limit}&prefix={prefix}");
        var page = await _exchange.SendAsync(() => Get(path), ApiJson.Default.TurnsDocument, cancellationToken).ConfigureAwait(false);

        // A daemon of an earlier version lists all turns.
        return [.. page.Turns.Where(turn => turn.TurnId.StartsWith(prefix.Value, StringComparison.Ordinal))];
    }

    /// <summary>Gets the settings that the daemon uses; null from a daemon that does not tell them.</summary>
    public async Task<SettingsDocument?> SettingsAsync(CancellationToken cancellationToken = default)
    {
        try
        {
            return await _exchange
                .SendAsync(() => Get("/v1/settings"), ApiJson.Default.SettingsDocument, cancellationToken)
                .ConfigureAwait(false);
        }
        catch (DaemonRefusedException e) when (e.Code == "unknown_path")
        {
            return null;
        }
    }

    /// <summary>Lists all agents.</summary>
    public async Task<AgentsDocument> AgentsAsync(CancellationToken cancellationToken = default)
    {
        var agents = ImmutableArray.CreateBuilder<AgentDocument>();
        string? after = null;
        do
        {
            var path = string.Create(
                CultureInfo.InvariantCulture,
                $"/v1/agents?limit={PageSize}{(after is null ? "" : $"&after={after}")}"
            );
            var page = await _exchange.SendAsync(() => Get(path), ApiJson.Default.AgentsDocument, cancellationToken).ConfigureAwait(false);
            agents.AddRange(page.Agents);
            after = page.Next;
        } while (after is not null);
        return new AgentsDocument(agents.ToImmutable());
    }

    /// <summary>Gets an agent.</summary>
    public Task<AgentDocument> AgentAsync(AgentId agent, CancellationToken cancellationToken = default) =>
        _exchange.SendAsync(() => Get($"/v1/agents/{agent}"), ApiJson.Default.AgentDocument, cancellationToken);

    /// <summary>Gets the daemon's status.</summary>
    public Task<StatusDocument> StatusAsync(CancellationToken cancellationToken = default) =>
        _exchange.SendAsync(() => Get("/v1/status"), ApiJson.Default.StatusDocument, cancellationToken);

    /// <summary>Gets what should page an operator.</summary>
    public Task<StandingProblemsDocument> ProblemsAsync(CancellationToken cancellationToken = default) =>
        _exchange.SendAsync(() => Get("/v1/problems"), ApiJson.Default.StandingProblemsDocument, cancellationToken);

    /// <summary>Has the daemon accept no more turns, and stop once none runs. It does not wait for that.</summary>
    public Task DrainAsync(CancellationToken cancellationToken = default) =>
        _exchange.SendAsync(() => Post("/v1/drain", "{}"u8.ToArray()), (_, _) => ValueTask.FromResult(true), cancellationToken);

    /// <summary>Lists the dead letters of the molecule inbox.</summary>
    public async Task<ImmutableArray<DeadLetterDocument>> DeadLettersAsync(CancellationToken cancellationToken = default)
    {
        var letters = ImmutableArray.CreateBuilder<DeadLetterDocument>();
        long? after = 0;
        do
        {
            var path = string.Create(CultureInfo.InvariantCulture, $"/v1/molecule/dead-letters?limit={PageSize}&after={after}");
            var page = await _exchange
                .SendAsync(() => Get(path), ApiJson.Default.DeadLettersDocument, cancellationToken)
                .ConfigureAwait(false);
            letters.AddRange(page.DeadLetters);
            after = page.Next;
        } while (after is not null);
        return letters.ToImmutable();
    }

    /// <summary>Requeues dead letters.</summary>
    /// <param name="activityId">The message; null for all.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public Task<RequeuedDocument> RequeueAsync(string? activityId, CancellationToken cancellationToken = default)
    {
        var body = Encoding.UTF8.GetBytes(
            (activityId is null ? new JsonObject { ["all"] = true } : new JsonObject { ["activity_id"] = activityId }).ToJsonString()
        );
        return _exchange.SendAsync(
            () => Post("/v1/molecule/dead-letters/requeue", body),
            ApiJson.Default.RequeuedDocument,
            cancellationToken
        );
    }

    /// <summary>Gets the usage on a range of days (UTC), both ends included.</summary>
    public Task<UsageDocument> UsageAsync(AgentId? agent, DateOnly from, DateOnly to, CancellationToken cancellationToken = default)
    {
        var path = string.Create(
            CultureInfo.InvariantCulture,
            $"/v1/usage?from={from:yyyy-MM-dd}&to={to:yyyy-MM-dd}{(agent is { } of ? $"&agent={of}" : "")}"
        );
        return _exchange.SendAsync(() => Get(path), ApiJson.Default.UsageDocument, cancellationToken);
    }

    /// <summary>Consumes tool calls of an agent's thread. Waits for the agent's turns ahead of the request.</summary>
    public Task<ConsumeDocument> ConsumeAsync(
        AgentId agent,
        string? workspace,
        IEnumerable<CallToConsume> toConsume,
        CancellationToken cancellationToken = default
    )
    {
        var body = Encoding.UTF8.GetBytes(
            new JsonObject
            {
                ["workspace"] = workspace,
                ["mutations"] = new JsonArray([.. toConsume.Select(one => new JsonObject { ["block_id"] = one.BlockId, ["op"] = one.Op })]),
            }.ToJsonString()
        );
        return _exchange.SendAsync(
            () => Post($"/v1/agents/{agent}/consume", body),
            ApiJson.Default.ConsumeDocument,
            cancellationToken,
            Timeout.InfiniteTimeSpan
        );
    }

    /// <summary>Starts reading a turn's events.</summary>
    /// <param name="turn">The turn.</param>
    /// <param name="after">The last event that is already known; 0 for none.</param>
    public TurnEventReader Read(TurnId turn, long after = 0) => new(_http, _time, _reconnect, Silence, turn, after);

    /// <summary>Starts reading the calls of a turn's tools.</summary>
    public ToolCallReader ReadToolCalls(TurnId turn) => new(_http, _time, _reconnect, Silence, turn);

    /// <summary>Answers a call of a turn's tools.</summary>
    /// <param name="turn">The turn.</param>
    /// <param name="call">The call's id.</param>
    /// <param name="answer">A JSON object with <c>content</c> and <c>is_error</c>.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="DaemonRefusedException">The call is no longer pending, or the answer is invalid.</exception>
    public Task AnswerToolCallAsync(TurnId turn, string call, byte[] answer, CancellationToken cancellationToken = default) =>
        _exchange.SendAsync(
            () => Post($"/v1/turns/{turn}/tool-calls/{Uri.EscapeDataString(call)}", answer),
            (_, _) => ValueTask.FromResult(true),
            cancellationToken
        );
}
