using System.Collections.Immutable;
using Microsoft.AspNetCore.Http;
using Plexum.Codex.Client.Documents;
using Plexum.Codex.Host.Api.Http;
using Plexum.Codex.Host.Daemon;
using Plexum.Codex.Host.Secrecy;

namespace Plexum.Codex.Host.Api;

/// <summary>
/// Lists the settings that the daemon uses, so that a client learns which of its own do not apply. Secrets are hidden.
/// </summary>
internal sealed class SettingsEndpoint(DaemonContext daemon)
{
    public Task GetAsync(HttpContext context)
    {
        ImmutableArray<SettingDocument> settings =
        [
            .. daemon.Settings.Values.Select(setting => new SettingDocument(
                setting.Name,
                SecretMask.Of(setting.Text),
                setting.Source,
                SecretMask.HashOf(setting.Text)
            )),
        ];
        var variables = CodexVariables.Of(Environment.GetEnvironmentVariables());
        var document = new SettingsDocument(daemon.Settings.Rollouts.CodexHome, settings, variables);
        return ApiResponse.WriteAsync(context, document, ApiJson.Default.SettingsDocument);
    }
}
