using System.Buffers;
using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using Plexum.Codex.Host.Access;
using Plexum.Codex.Host.Configuration;
using Plexum.Codex.Host.Daemon;
using Plexum.Codex.Json;
using Plexum.Codex.Profiles;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Host.Api.Http;

/// <summary>Reads the parts of a request. Invalid input ends the request with a problem.</summary>
internal static class ApiRequest
{
    /// <summary>The maximum number of items on a page.</summary>
    public const int MaxPage = 500;

    /// <summary>The number of items on a page if the request does not say.</summary>
    public const int DefaultPage = 50;

    private const int MinRead = 4096;
    private const int MaxExpectedBytes = 1 << 30;

    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };

    public static AgentId Agent(HttpContext context) =>
        context.Request.RouteValues["agent"] as string is var text && AgentId.TryParse(text, out var agent)
            ? agent
            : throw new ProblemException(Problem.BadAgentId(text));

    public static TurnId Turn(HttpContext context) =>
        context.Request.RouteValues["turn"] as string is var text && TurnId.TryParse(text, out var turn)
            ? turn
            : throw new ProblemException(Problem.BadTurnId(text));

    /// <summary>As whom the client submits turns.</summary>
    public static Submitter SubmitterOf(HttpContext context) =>
        context.Features.Get<OwnersConnection>() is { } connection ? connection.Submitter
        : ApiCaller.Of(context).May(AccessScopes.Admin) ? Submitter.Owner
        : Submitter.Guest;

    /// <summary>Checks that the request has no query parameters but these.</summary>
    public static void CheckParameters(HttpContext context, ImmutableArray<string> known)
    {
        if (context.Request.Query.Keys.FirstOrDefault(name => !known.Contains(name, StringComparer.OrdinalIgnoreCase)) is { } unknown)
        {
            throw new ProblemException(
                Problem.BadQuery(
                    $"There is no parameter \"{unknown}\" here; "
                        + (known.IsEmpty ? "this request takes none." : $"there are {string.Join(", ", known)}.")
                )
            );
        }
    }

    /// <summary>A query parameter, or null.</summary>
    public static string? Query(HttpContext context, string name) =>
        context.Request.Query.TryGetValue(name, out var values)
            ? values.Count == 1
                ? values[0]
                : throw new ProblemException(Problem.BadQuery($"The parameter {name} occurs {values.Count} times; give it once."))
            : null;

    /// <summary>An integer query parameter, or null.</summary>
    public static long? Number(HttpContext context, string name, long min, long max) =>
        Query(context, name) is { } text
            ? long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= min && number <= max
                ? number
                : throw new ProblemException(
                    Problem.BadQuery(
                        string.Create(CultureInfo.InvariantCulture, $"The parameter {name} must be a whole number from {min} to {max}.")
                    )
                )
            : null;

    /// <summary>The page size that the client asks for, or the default.</summary>
    public static int Limit(HttpContext context) => (int)(Number(context, "limit", 1, MaxPage) ?? DefaultPage);

    /// <summary>A date query parameter, or null.</summary>
    public static DateOnly? Day(HttpContext context, string name) =>
        Query(context, name) is { } text
            ? DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
                ? day
                : throw new ProblemException(Problem.BadQuery($"The parameter {name} must be a date such as 2026-01-31."))
            : null;

    /// <summary>An agent id query parameter, or null.</summary>
    public static AgentId? QueryAgent(HttpContext context, string name) =>
        Query(context, name) is { } text
            ? AgentId.TryParse(text, out var agent)
                ? agent
                : throw new ProblemException(Problem.BadAgentId(text))
            : null;

    /// <summary>A query parameter with the form of a turn's id, which the beginning of one has as well, or null.</summary>
    public static TurnId? QueryTurn(HttpContext context, string name) =>
        Query(context, name) is { } text
            ? TurnId.TryParse(text, out var turn)
                ? turn
                : throw new ProblemException(Problem.BadTurnId(text))
            : null;

    /// <summary>Whether the client explicitly accepts <c>text/event-stream</c>.</summary>
    public static bool WantsEvents(HttpContext context) =>
        MediaTypeHeaderValue.TryParseList(context.Request.Headers.Accept, out var types)
        && types.Any(type => type.Quality != 0 && type.MediaType.Equals("text/event-stream", StringComparison.OrdinalIgnoreCase));

    /// <summary>Whether the client asks for events that are named as their type is: <c>?event_names=type</c>.</summary>
    public static bool WantsTypesAsNames(HttpContext context) =>
        Query(context, "event_names") switch
        {
            null => false,
            "type" => true,
            _ => throw new ProblemException(Problem.BadQuery("The parameter event_names must be type, or be left out.")),
        };

    /// <summary>The number of the last event that the client has: <c>Last-Event-ID</c>, else one less than <c>?from=</c>, else 0.</summary>
    public static long LastEvent(HttpContext context)
    {
        var header = context.Request.Headers["Last-Event-ID"];
        if (header.Count == 0 || (header.Count == 1 && header[0] is null or ""))
        {
            return (Number(context, "from", 1, long.MaxValue) ?? 1) - 1;
        }

        return header.Count == 1 && long.TryParse(header[0], NumberStyles.None, CultureInfo.InvariantCulture, out var seq)
            ? seq
            : throw new ProblemException(
                Problem.BadLastEventId("The header Last-Event-ID must be the id of the last event received, or be left out.")
            );
    }

    /// <summary>The whole body; empty if there is none.</summary>
    /// <param name="context">The request.</param>
    /// <param name="limits">The limits of a body.</param>
    /// <exception cref="BadHttpRequestException">It is too large, arrived too slowly or was cut off.</exception>
    /// <exception cref="ProblemException">It is not called JSON, or has too many elements.</exception>
    public static async Task<ReadOnlyMemory<byte>> BodyAsync(HttpContext context, ApiSettings limits)
    {
        // A buffer that need not grow; it has room for the read that finds the end. What is said to be too long is never read.
        var body =
            context.Request.ContentLength is { } length and > 0 && length <= Math.Min(limits.MaxBodyBytes, MaxExpectedBytes)
                ? new ArrayBufferWriter<byte>((int)length + MinRead)
                : new ArrayBufferWriter<byte>();
        while (
            await context.Request.Body.ReadAsync(body.GetMemory(MinRead), context.RequestAborted).ConfigureAwait(false) is > 0 and var count
        )
        {
            body.Advance(count);
        }

        AuditedAction.Of(context)?.Begin();
        if (body.WrittenCount > 0 && !IsJson(context.Request.ContentType))
        {
            throw new ProblemException(Problem.OfStatus(415));
        }

        if (JsonValueLimit.IsExceeded(body.WrittenSpan, limits.MaxBodyElements))
        {
            throw new ProblemException(Problem.TooManyElements(limits.MaxBodyElements));
        }

        return body.WrittenMemory;
    }

    /// <summary>The body as a JSON object, whose strings have whole characters only; null if there is no body.</summary>
    /// <param name="context">The request.</param>
    /// <param name="limits">The limits of a body.</param>
    public static async Task<JsonDocument?> SmallObjectAsync(HttpContext context, ApiSettings limits)
    {
        var body = WholeText.OfJson(await BodyAsync(context, limits).ConfigureAwait(false));
        try
        {
            var document = body.IsEmpty ? null : JsonDocument.Parse(body, Strict);
            return document is null || document.RootElement.ValueKind == JsonValueKind.Object
                ? document
                : throw new ProblemException(Problem.BadBody(["The document must be a JSON object."]));
        }
        catch (JsonException e)
        {
            throw new ProblemException(Problem.BadBody([$"The document is not valid JSON {JsonMistake.Describe(body.Span, e)}"]));
        }
    }

    private static bool IsJson(string? contentType) =>
        MediaTypeHeaderValue.TryParse(contentType, out var type)
        && type.MediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase)
        && (
            !type.Charset.HasValue
            || type.Charset.Equals("utf-8", StringComparison.OrdinalIgnoreCase)
            || type.Charset.Equals("\"utf-8\"", StringComparison.OrdinalIgnoreCase)
        );
}
