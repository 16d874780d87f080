using System.Text;
using System.Text.Json.Nodes;
using Plexum.Codex.Molecule.Direct.Http;
using Plexum.Codex.Molecule.Platform;

namespace Plexum.Codex.Molecule.Direct;

/// <summary>Sends texts to the canvas user and to peers. Repeated calls for the same message deliver it once.</summary>
internal sealed class Replies(DirectOptions options, PlatformLink link, Activity activity)
{
    private readonly NoticeLog _notices = new(options.StateDirectory);

    public async Task ShowAsync(string workspaceId, string text, string messageId, CancellationToken cancellationToken)
    {
        // Normalize as the encoding will: lone surrogates do not survive, and the text is compared with the activity later.
        text = Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));
        if (_notices.Find(messageId) is { } anchor)
        {
            if (await WasShownAsync(anchor, text, cancellationToken).ConfigureAwait(false))
            {
                return;
            }
        }
        else
        {
            _notices.Add(messageId, await activity.NewestAsync(cancellationToken).ConfigureAwait(false));
        }

        var answer = await link.SendAsync(
                PlatformCall.Post($"/workspaces/{Uri.EscapeDataString(workspaceId)}/notify", new JsonObject { ["message"] = text }) with
                {
                    IsOnce = true,
                },
                cancellationToken
            )
            .ConfigureAwait(false);
        PlatformReactions.ExpectShown(answer);
    }

    public async Task SendAsync(string peerId, string text, string sourceWorkspaceId, string messageId, CancellationToken cancellationToken)
    {
        if (!Guid.TryParse(peerId, out _))
        {
            throw new DeliveryRefusedException("The message came from a workspace with an invalid id, so it cannot be answered.");
        }

        if (string.Equals(peerId, sourceWorkspaceId, StringComparison.OrdinalIgnoreCase))
        {
            throw new DeliveryRefusedException("A workspace cannot send a message to itself.");
        }

        var call = PlatformCall.Post($"/workspaces/{peerId}/a2a", Request(text, messageId)) with
        {
            AsWorkspace = sourceWorkspaceId,
            IsOnce = true,
        };
        PlatformReactions.ExpectSent(await link.SendAsync(call, cancellationToken).ConfigureAwait(false), peerId);
    }

    // The platform drops a second message with the same id, so a repetition does no harm.
    private static JsonObject Request(string text, string messageId) =>
        new()
        {
            ["jsonrpc"] = "2.0",
            ["id"] = messageId,
            ["method"] = "message/send",
            ["params"] = new JsonObject
            {
                ["message"] = new JsonObject
                {
                    ["role"] = "user",
                    ["messageId"] = messageId,
                    ["parts"] = new JsonArray(new JsonObject { ["kind"] = "text", ["text"] = text }),
                },
            },
        };

    // An earlier attempt may have succeeded although its answer was lost, perhaps before a restart.
    private async Task<bool> WasShownAsync(string anchor, string text, CancellationToken cancellationToken)
    {
        if (anchor.Length == 0)
        {
            var all = await activity.WindowAsync(options.FirstWindow, new WindowReading(), cancellationToken).ConfigureAwait(false);
            return all.Any(row => row.Shown == text);
        }

        while (await activity.BehindAsync(anchor, cancellationToken).ConfigureAwait(false) is var (rows, hasMore))
        {
            if (rows.Any(row => row.Shown == text))
            {
                return true;
            }

            if (!hasMore)
            {
                return false;
            }

            anchor = rows[^1].Id;
        }

        // The platform no longer has that row, so it is days old. Better to show a text twice than not at all.
        return false;
    }
}
