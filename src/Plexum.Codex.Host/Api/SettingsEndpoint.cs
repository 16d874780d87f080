using System.Collections;
using System.Collections.Immutable;
using Microsoft.AspNetCore.Http;
using Plexum.Codex.Client.Documents;
using Plexum.Codex.Host.Api.Http;
using Plexum.Codex.Host.Configuration;
using Plexum.Codex.Host.Daemon;
using Plexum.Codex.Host.Secrecy;

namespace Plexum.Codex.Host.Api;

/// <summary>
/// Lists the settings that the daemon uses, so that a client learns which of its own do not apply. Secrets are hidden.
/// </summary>
internal sealed class SettingsEndpoint(DaemonContext daemon)
{
    public Task GetAsync(HttpContext context) =>
        ApiResponse.WriteAsync(context, Describe(daemon.Settings, Environment.GetEnvironmentVariables()), ApiJson.Default.SettingsDocument);

    /// <summary>The document of the settings and environment of a daemon.</summary>
    internal static SettingsDocument Describe(ProgramSettings used, IDictionary environment)
    {
        ImmutableArray<SettingDocument> settings =
        [
            .. used.Values.Select(setting => new SettingDocument(
                setting.Name,
                SecretMask.Of(setting.Text),
                setting.Source,
                SecretMask.HashOf(setting.Text)
            )),
        ];
        return new SettingsDocument(used.Rollouts.CodexHome, settings, CodexVariables.Of(environment));
    }
}
