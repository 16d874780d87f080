using Akka.Actor;
using Microsoft.AspNetCore.Http;
using Plexum.Codex.Client.Documents;
using Plexum.Codex.Host.Api.Http;
using Plexum.Codex.Host.Daemon;
using Plexum.Codex.Host.Health;
using Plexum.Codex.Host.Molecule;
using Plexum.Codex.Molecule.Inbox;
using Plexum.Codex.Molecule.Platform;

namespace Plexum.Codex.Host.Api;

/// <summary>The endpoints for the molecule inbox.</summary>
internal sealed class MoleculeEndpoints(DaemonContext daemon)
{
    /// <summary>The inbox's status; null if there is no inbox, or it is not ready or does not answer.</summary>
    public static async Task<MoleculeDocument?> FindAsync(MoleculeInbox? inbox)
    {
        if (inbox?.Actor is not { } actor || await StatusAsync(actor).ConfigureAwait(false) is not InboxProtocol.InboxStatus now)
        {
            return null;
        }

        return new MoleculeDocument(
            now.WorkspaceId,
            inbox.Connection.PlatformHost,
            inbox.Transport.ToString().ToLowerInvariant(),
            now.Phase,
            now.Counts.Received,
            now.Counts.Answered,
            now.Counts.Dead,
            now.Counts.Unacknowledged,
            now.OpenConversations,
            now.LastError,
            now.LastErrorAt,
            now.LastPolledAt
        );
    }

    public async Task ListAsync(HttpContext context)
    {
        var limit = ApiRequest.Limit(context);
        var after = ApiRequest.Number(context, "after", 0, long.MaxValue) ?? 0;
        var letters = (
            (InboxProtocol.DeadLettersFound)await AskAsync(new InboxProtocol.GetDeadLetters(after, limit + 1)).ConfigureAwait(false)
        ).Letters;
        var page = letters.Take(limit).Select(DeadLetterDocument.Of).ToArray();
        await ApiResponse
            .WriteAsync(
                context,
                new DeadLettersDocument([.. page], letters.Length > limit ? page[^1].Number : null),
                ApiJson.Default.DeadLettersDocument
            )
            .ConfigureAwait(false);
    }

    public async Task RequeueAsync(HttpContext context)
    {
        using var document = await ApiRequest.SmallObjectAsync(context, daemon.Settings.Api).ConfigureAwait(false);
        var body = document?.RootElement;
        var id = body is { } given ? given.TextOf("activity_id") : "";
        var all = body is { } root && root.TryGetProperty("all", out var flag) && flag.ValueKind == System.Text.Json.JsonValueKind.True;
        if (all == id.Length > 0)
        {
            throw new ProblemException(Problem.BadBody(["The body must be either {\"activity_id\": \"…\"} or {\"all\": true}."]));
        }

        var opened = (InboxProtocol.Requeued)await AskAsync(new InboxProtocol.Requeue(all ? null : id)).ConfigureAwait(false);
        AuditedAction.Of(context)?.End("done");
        await ApiResponse.WriteAsync(context, new RequeuedDocument(opened.Count), ApiJson.Default.RequeuedDocument).ConfigureAwait(false);
    }

    // It counts in the ledger, which may hang; the daemon's status must not.
    private static async Task<InboxProtocol.IReply?> StatusAsync(IActorRef inbox)
    {
        try
        {
            return await inbox.Ask<InboxProtocol.IReply>(InboxProtocol.GetStatus.Instance, DaemonHealth.Limit).ConfigureAwait(false);
        }
        catch (AskTimeoutException)
        {
            return null;
        }
    }

    private async Task<InboxProtocol.IReply> AskAsync(object question)
    {
        var inbox = daemon.Inbox ?? throw new ProblemException(Problem.NoInbox);
        var answer = await AskAsync(inbox.Actor ?? throw new ProblemException(Problem.NotReady), question).ConfigureAwait(false);
        return answer is InboxProtocol.JournalFailed failed
            ? throw new ProblemException(Problem.LedgerUnavailable(failed.Problem))
            : answer;
    }

    private static Task<InboxProtocol.IReply> AskAsync(IActorRef inbox, object question) =>
        inbox.Ask<InboxProtocol.IReply>(question, DaemonContext.AnswerLimit);
}
