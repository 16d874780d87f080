using System.Collections.Immutable;
using Microsoft.AspNetCore.Http;
using Plexum.Codex.Client.Documents;
using Plexum.Codex.Host.Api.Http;
using Plexum.Codex.Host.Daemon;

namespace Plexum.Codex.Host.Api;

/// <summary>Tells the settings that the daemon uses, so that a client that asks for others learns that it does not get them.</summary>
internal sealed class SettingsEndpoint(DaemonContext daemon)
{
    public Task GetAsync(HttpContext context)
    {
        ImmutableArray<SettingDocument> settings =
        [
            .. daemon.Settings.Values.Select(setting => new SettingDocument(setting.Name, setting.Text, setting.Source)),
        ];
        var document = new SettingsDocument(daemon.Settings.Rollouts.CodexHome, settings);
        return ApiResponse.WriteAsync(context, document, ApiJson.Default.SettingsDocument);
    }
}
