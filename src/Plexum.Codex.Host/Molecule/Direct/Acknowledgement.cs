using System.Globalization;
using System.Text.Json.Nodes;
using Plexum.Codex.Inbox;

namespace Plexum.Codex.Host.Molecule.Direct;

/// <summary>Tells the platform up to which row everything is settled, where it wants to know. Nothing depends on it.</summary>
internal sealed class Acknowledgement(DirectOptions options, PlatformLink link)
{
    private long _told;
    private bool _isUnknown;

    /// <summary>Tells it, if that is news.</summary>
    public async Task SendAsync(long seq, CancellationToken cancellationToken)
    {
        if (_isUnknown || seq <= _told)
        {
            return;
        }

        try
        {
            var answer = await link.SendAsync(
                PlatformCall.Post(
                    string.Create(CultureInfo.InvariantCulture, $"/workspaces/{Uri.EscapeDataString(options.WorkspaceId)}/activity/ack"), new JsonObject { ["acked_seq"] = seq }),
                cancellationToken).ConfigureAwait(false);
            _told = answer.IsSuccess ? seq : _told;
            _isUnknown = answer.Status == 404;
        }
        catch (PlatformException)
        {
            // The next one says the same and more.
        }
    }
}
