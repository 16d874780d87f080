using System.Globalization;
using Plexum.Codex.Molecule.Direct.Http;
using Plexum.Codex.Molecule.Platform;

namespace Plexum.Codex.Molecule.Direct;

/// <summary>Queries the workspace's activity.</summary>
internal sealed class Activity(DirectOptions options, PlatformLink link)
{
    // More rows than this in one window are no plausible backlog.
    private const int MaxRows = 20_000;

    private readonly string _path = $"/workspaces/{Uri.EscapeDataString(options.WorkspaceId)}/activity?type=a2a_receive&include=peer_info";
    private int _size = options.PageSize;

    /// <summary>One page of the rows after a row, oldest first.</summary>
    /// <returns>The rows, and whether there may be more; null if the platform no longer has the row.</returns>
    public async Task<(IReadOnlyList<InboxRow> Rows, bool HasMore)?> BehindAsync(string id, CancellationToken cancellationToken) =>
        await PageAsync($"&since_id={Uri.EscapeDataString(id)}", cancellationToken).ConfigureAwait(false);

    /// <summary>All rows of a recent period, oldest first.</summary>
    /// <param name="window">The length of the period.</param>
    /// <param name="read">The rows read so far; after a failure, pass it again to continue.</param>
    /// <param name="cancellationToken">Cancels the reading.</param>
    public async Task<IReadOnlyList<InboxRow>> WindowAsync(TimeSpan window, WindowReading read, CancellationToken cancellationToken)
    {
        var since = string.Create(CultureInfo.InvariantCulture, $"&since_secs={Math.Max(1, (long)window.TotalSeconds)}");
        while (read.Rows.Count < MaxRows)
        {
            var until = read.Before is null ? "" : $"&before_ts={Uri.EscapeDataString(read.Before)}";
            var (found, hasMore) = await PageAsync(since + until, cancellationToken).ConfigureAwait(false) ?? ([], false);
            if (!read.Add(found) || !hasMore)
            {
                break;
            }
        }

        // Without a cursor the platform returns the newest first.
        return [.. Enumerable.Reverse(read.Rows)];
    }

    /// <summary>The id of the newest row; empty if there are no rows.</summary>
    public async Task<string> NewestAsync(CancellationToken cancellationToken)
    {
        var answer = await AskAsync("", 1, cancellationToken).ConfigureAwait(false);
        return Rows(answer) is [var newest, ..] ? newest.Id : "";
    }

    private async Task<(IReadOnlyList<InboxRow> Rows, bool HasMore)?> PageAsync(string query, CancellationToken cancellationToken)
    {
        while (true)
        {
            var size = _size;
            try
            {
                var answer = await AskAsync(query, size, cancellationToken).ConfigureAwait(false);
                if (answer.Status == 410)
                {
                    return null;
                }

                var rows = Rows(answer);
                _size = Math.Min(options.PageSize, size * 2);
                return (rows, rows.Count == size);
            }
            catch (AnswerTooLargeException e) when (size == 1)
            {
                throw new PlatformUnavailableException($"{e.Message} It is a single message; delete it on the canvas.", e);
            }
            catch (AnswerTooLargeException)
            {
                // A smaller page may fit.
                _size = Math.Max(1, size / 8);
            }
        }
    }

    private async Task<PlatformAnswer> AskAsync(string query, int limit, CancellationToken cancellationToken)
    {
        var call = PlatformCall.Get(string.Create(CultureInfo.InvariantCulture, $"{_path}{query}&limit={limit}"));
        var answer = await link.SendAsync(call, cancellationToken).ConfigureAwait(false);
        if (answer.Status != 410)
        {
            PlatformReactions.ExpectDone(answer, "return the workspace's messages");
        }

        return answer;
    }

    private IReadOnlyList<InboxRow> Rows(PlatformAnswer answer) =>
        InboxRow.ReadAll(answer, options.WorkspaceId)
        ?? throw new PlatformUnavailableException(
            $"The server at {link.Host} did not answer with a list of messages; PLATFORM_URL may be wrong."
        );
}
