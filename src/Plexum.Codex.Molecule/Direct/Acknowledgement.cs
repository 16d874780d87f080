using System.Globalization;
using System.Text.Json.Nodes;
using Plexum.Codex.Molecule.Direct.Http;
using Plexum.Codex.Molecule.Platform;

namespace Plexum.Codex.Molecule.Direct;

/// <summary>Tells the platform up to which row everything is settled, if it supports that. Nothing depends on it.</summary>
internal sealed class Acknowledgement(DirectOptions options, PlatformLink link)
{
    private long _told;
    private bool _isUnknown;

    /// <summary>Sends the number of the row, if it has grown.</summary>
    public async Task SendAsync(long seq, CancellationToken cancellationToken)
    {
        if (_isUnknown || seq <= _told)
        {
            return;
        }

        try
        {
            var path = string.Create(CultureInfo.InvariantCulture, $"/workspaces/{Uri.EscapeDataString(options.WorkspaceId)}/activity/ack");
            var answer = await link.SendAsync(PlatformCall.Post(path, new JsonObject { ["acked_seq"] = seq }), cancellationToken)
                .ConfigureAwait(false);
            _told = answer.IsSuccess ? seq : _told;
            _isUnknown = answer.Status == 404;
        }
        catch (PlatformException)
        {
            // The next acknowledgement covers this one.
        }
    }
}
