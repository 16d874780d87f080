using System.Globalization;
using Plexum.Codex.Inbox;

namespace Plexum.Codex.Host.Molecule.Direct;

/// <summary>Questions to the workspace's activity.</summary>
internal sealed class Activity(DirectOptions options, PlatformLink link)
{
    // More rows than this in one window are not a backlog any more.
    private const int MostRows = 20_000;

    private readonly string _path = $"/workspaces/{Uri.EscapeDataString(options.WorkspaceId)}/activity?type=a2a_receive&include=peer_info";
    private int _size = options.PageSize;

    /// <summary>One page of the rows behind a row, oldest first.</summary>
    /// <returns>The rows and whether there may be more; null where the platform does not know the row.</returns>
    public async Task<(IReadOnlyList<InboxRow> Rows, bool HasMore)?> BehindAsync(string id, CancellationToken cancellationToken) =>
        await PageAsync($"&since_id={Uri.EscapeDataString(id)}", cancellationToken).ConfigureAwait(false);

    /// <summary>All rows of the last minutes, oldest first.</summary>
    /// <param name="window">How many minutes.</param>
    /// <param name="read">What was read of them; after a failure it is gone on with from there.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<IReadOnlyList<InboxRow>> WindowAsync(TimeSpan window, WindowReading read, CancellationToken cancellationToken)
    {
        var since = string.Create(CultureInfo.InvariantCulture, $"&since_secs={Math.Max(1, (long)window.TotalSeconds)}");
        while (read.Rows.Count < MostRows)
        {
            var until = read.Before is null ? "" : $"&before_ts={Uri.EscapeDataString(read.Before)}";
            var (found, hasMore) = await PageAsync(since + until, cancellationToken).ConfigureAwait(false) ?? ([], false);
            if (!read.Add(found) || !hasMore)
            {
                break;
            }
        }

        // Without a cursor the platform tells the newest first.
        return [.. Enumerable.Reverse(read.Rows)];
    }

    /// <summary>The id of the newest row; empty where there is none.</summary>
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
                throw new PlatformUnavailableException($"{e.Message} It is one row alone; remove that message on the canvas.", e);
            }
            catch (AnswerTooLargeException)
            {
                // Fewer rows at once may do.
                _size = Math.Max(1, size / 8);
            }
        }
    }

    private async Task<PlatformAnswer> AskAsync(string query, int limit, CancellationToken cancellationToken)
    {
        var answer = await link.SendAsync(
            PlatformCall.Get(string.Create(CultureInfo.InvariantCulture, $"{_path}{query}&limit={limit}")), cancellationToken).ConfigureAwait(false);
        if (answer.Status != 410)
        {
            PlatformReactions.ExpectDone(answer, "hand out the workspace's messages");
        }

        return answer;
    }

    private IReadOnlyList<InboxRow> Rows(PlatformAnswer answer) =>
        InboxRow.ReadAll(answer, options.WorkspaceId)
            ?? throw new PlatformUnavailableException($"What listens at {link.Host} answers with something else than a list of messages; PLATFORM_URL may be wrong.");
}
