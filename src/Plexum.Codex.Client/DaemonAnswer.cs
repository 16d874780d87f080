using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Plexum.Codex.Client.Documents;

namespace Plexum.Codex.Client;

/// <summary>Reads the daemon's responses.</summary>
internal static class DaemonAnswer
{
    /// <summary>Reads a document.</summary>
    /// <exception cref="DaemonException">There is none.</exception>
    /// <exception cref="JsonException">It is invalid.</exception>
    public static async ValueTask<T> ReadAsync<T>(Stream body, JsonTypeInfo<T> document, CancellationToken cancellationToken) =>
        await JsonSerializer.DeserializeAsync(body, document, cancellationToken).ConfigureAwait(false)
        ?? throw new DaemonException("The daemon's response is empty; its version may differ from this program's.", DaemonProblem.Failed);

    /// <summary>Throws unless the daemon did what was asked.</summary>
    /// <exception cref="DaemonBusyException">The daemon cannot answer right now.</exception>
    /// <exception cref="DaemonRefusedException">The daemon refused the request.</exception>
    public static async Task ThrowIfProblemAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        if (response.IsSuccessStatusCode)
        {
            return;
        }

        var problem = await ReadProblemAsync(response, cancellationToken).ConfigureAwait(false);
        if (PassesByItself(response.StatusCode, problem.Code))
        {
            throw new DaemonBusyException(problem.Detail, problem.Code);
        }

        var sentence = problem.Code switch
        {
            "unknown_turn" => "There is no such turn, or it was deleted because of its age; \"plexum-codex turns\" lists all known turns.",
            "turn_files_removed" => "Retention removed the turn's files; \"plexum-codex turns\" still says how it ended.",
            _ => problem.Detail,
        };
        var detail = problem.Errors is { Length: > 1 } errors
            ? string.Join('\n', errors.Select(error => $"{error.Path}: {error.Detail}").Prepend(sentence))
            : sentence;
        throw new DaemonRefusedException(detail, problem.Code, (int)response.StatusCode);
    }

    // A full disk does not: it needs a person, who is to hear of it at once.
    private static bool PassesByItself(HttpStatusCode status, string code) =>
        code == "turn_not_at_hand"
        || (status == HttpStatusCode.ServiceUnavailable && code is not ("ledger_unavailable" or "profile_unwritable"));

    private static async Task<ProblemDocument> ReadProblemAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var status = (int)response.StatusCode;
        try
        {
            if (response.Content.Headers.ContentType?.MediaType == ProblemDocument.ContentType)
            {
                var body = await response.Content.ReadAsByteArrayAsync(cancellationToken).ConfigureAwait(false);
                if (JsonSerializer.Deserialize(body, ApiJson.Default.ProblemDocument) is { Detail: not null } problem)
                {
                    return problem;
                }
            }
        }
        catch (JsonException)
        {
            // Fall back to the status.
        }

        return new ProblemDocument(
            "about:blank",
            "",
            status,
            "unknown",
            $"The daemon answered with status {status} and no explanation; its version may differ from this program's."
        );
    }
}
