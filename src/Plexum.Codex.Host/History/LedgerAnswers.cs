using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using System.Web;
using Plexum.Codex.Client.Documents;
using Plexum.Codex.Host.Api;
using Plexum.Codex.Host.Api.Http;
using Plexum.Codex.Host.Configuration;
using Plexum.Codex.Host.Owners;
using Plexum.Codex.Ledger;
using Plexum.Codex.Profiles;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Host.History;

/// <summary>
/// Answers what a client asks a daemon about turns, agents and usage, while none runs: from the profile's ledger and the turns' logs.
/// Whatever else a client asks for needs a daemon.
/// </summary>
/// <param name="ledger">The ledger, which is closed with this.</param>
/// <param name="profile">The root of the profile.</param>
/// <param name="time">The clock.</param>
internal sealed class LedgerAnswers(ITurnLedger ledger, string profile, TimeProvider time) : HttpMessageHandler
{
    /// <summary>Ends that the ledger does not have and turns' logs do.</summary>
    public ImmutableDictionary<TurnId, TurnOutcome> Ends { get; init; } = ImmutableDictionary<TurnId, TurnOutcome>.Empty;

    /// <summary>The settings as they hold for this command; null if they are not to be told.</summary>
    public ProgramSettings? Settings { get; init; }

    private LedgerPages Pages => field ??= new LedgerPages(ledger, new AgentThreads(profile, time, Settings));

    /// <inheritdoc/>
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        try
        {
            var uri = request.RequestUri!;
            var query = new Query(uri);
            return request.Method != HttpMethod.Get
                ? Refuse(NeedsDaemon(uri.AbsolutePath))
                : uri.AbsolutePath.Split('/', StringSplitOptions.RemoveEmptyEntries) switch
                {
                    ["v1", "turns"] => await ListTurnsAsync(query).ConfigureAwait(false),
                    ["v1", "turns", var turn] => Answer(
                        Describe(await FindAsync(TurnId.Parse(turn)).ConfigureAwait(false)),
                        ApiJson.Default.TurnDocument
                    ),
                    ["v1", "turns", var turn, "events"] => await EventsAsync(
                            TurnId.Parse(turn),
                            LastEventOf(request.Headers),
                            cancellationToken
                        )
                        .ConfigureAwait(false),
                    ["v1", "agents"] => await ListAgentsAsync(query).ConfigureAwait(false),
                    ["v1", "usage"] => await UsageAsync(query).ConfigureAwait(false),
                    _ => Refuse(NeedsDaemon(uri.AbsolutePath)),
                };
        }
        catch (ProblemException e)
        {
            return Refuse(e.Problem);
        }
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            // Nothing was written, so nothing has to be waited for.
            _ = ledger.DisposeAsync().AsTask();
        }

        base.Dispose(disposing);
    }

    private async Task<HttpResponseMessage> ListTurnsAsync(Query query)
    {
        TurnState? state = TurnStateNames.TryParse(query.Text("state"), out var named) ? named : null;
        var filter = new TurnFilter(query.Agent("agent"), state, query.Number("before"), null, query.Limit)
        {
            Prefix = query.Text("prefix"),
        };
        return Answer(await Pages.TurnsAsync(filter, Describe).ConfigureAwait(false), ApiJson.Default.TurnsDocument);
    }

    private async Task<HttpResponseMessage> ListAgentsAsync(Query query) =>
        Answer(await Pages.AgentsAsync(query.Agent("after"), query.Limit).ConfigureAwait(false), ApiJson.Default.AgentsDocument);

    private async Task<HttpResponseMessage> UsageAsync(Query query)
    {
        var today = DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime);
        var (from, to) = (query.Day("from") ?? today, query.Day("to") ?? today);
        return Answer(await Pages.UsageAsync(query.Agent("agent"), from, to).ConfigureAwait(false), ApiJson.Default.UsageDocument);
    }

    private async Task<HttpResponseMessage> EventsAsync(TurnId turn, long after, CancellationToken cancellationToken)
    {
        var entry = await FindAsync(turn).ConfigureAwait(false);
        if (entry.FilesRemoved)
        {
            throw new ProblemException(Problem.EventsRemoved(turn));
        }

        var log = TurnDirectory.Of(new AgentDirectory(profile, entry.AgentId), turn).EventsFile;
        return await LoggedEvents.OpenAsync(log, after, cancellationToken).ConfigureAwait(false) is { } events
            ? new HttpResponseMessage(HttpStatusCode.OK) { Content = new StreamContent(events) }
            : new HttpResponseMessage(HttpStatusCode.NoContent);
    }

    // Without an end in its log, only a daemon finds out how such a turn ended, and none may ever start.
    private TurnDocument Describe(TurnEntry turn)
    {
        if (Ends.TryGetValue(turn.TurnId, out var end))
        {
            return TurnDocument.Of(turn.EndedWith(end));
        }

        var document = TurnDocument.Of(turn);
        return turn.State != TurnState.Ended && CommandOwner.ProcessOf(turn.Owner) is { IsRunning: false } gone
            ? document with
            {
                Error = new TurnErrorDocument(
                    "command_lost",
                    TurnErrorClass.Internal,
                    $"The command that ran it, {gone}, is gone, and the turn's end is written nowhere. A daemon finds out how it ended: "
                        + "\"plexum-codex daemon start\"."
                ),
            }
            : document;
    }

    private async Task<TurnEntry> FindAsync(TurnId turn) =>
        await ledger.FindTurnAsync(turn).ConfigureAwait(false) ?? throw new ProblemException(Problem.UnknownTurn(turn));

    private static long LastEventOf(HttpRequestHeaders headers) =>
        headers.TryGetValues("Last-Event-ID", out var values)
        && long.TryParse(values.First(), NumberStyles.None, CultureInfo.InvariantCulture, out var last)
            ? last
            : 0;

    private static Problem NeedsDaemon(string path) =>
        new(
            404,
            "no_daemon",
            "No daemon is running",
            $"{path} needs a daemon, and none is running for this profile. Start one with \"plexum-codex daemon start\"."
        );

    private static HttpResponseMessage Refuse(Problem problem)
    {
        var document = new ProblemDocument(
            $"urn:plexum-codex:problem:{problem.Code}",
            problem.Title,
            problem.Status,
            problem.Code,
            problem.Detail
        );
        var answer = Answer(document, ApiJson.Default.ProblemDocument);
        answer.StatusCode = (HttpStatusCode)problem.Status;
        answer.Content!.Headers.ContentType = new MediaTypeHeaderValue(ProblemDocument.ContentType);
        return answer;
    }

    private static HttpResponseMessage Answer<T>(T document, JsonTypeInfo<T> type) =>
        new(HttpStatusCode.OK) { Content = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(document, type)) };

    // This program's own client wrote it, so it is well formed.
    private sealed class Query(Uri uri)
    {
        private readonly System.Collections.Specialized.NameValueCollection _values = HttpUtility.ParseQueryString(uri.Query);

        public int Limit => (int)(Number("limit") ?? ApiRequest.DefaultPage);

        public string? Text(string name) => _values[name];

        public AgentId? Agent(string name) => Text(name) is { } text ? AgentId.Parse(text) : null;

        public long? Number(string name) => Text(name) is { } text ? long.Parse(text, CultureInfo.InvariantCulture) : null;

        public DateOnly? Day(string name) => Text(name) is { } text ? DateOnly.Parse(text, CultureInfo.InvariantCulture) : null;
    }
}
