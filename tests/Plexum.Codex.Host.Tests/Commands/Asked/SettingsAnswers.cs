using System.Collections;
using System.Net;
using System.Text.Json;
using Plexum.Codex.Client;
using Plexum.Codex.Client.Documents;
using Plexum.Codex.Host.Api;
using Plexum.Codex.Host.Configuration;

namespace Plexum.Codex.Host.Commands.Asked;

/// <summary>Answers as a daemon with some settings does, when it is asked for them.</summary>
internal sealed class SettingsAnswers(ProgramSettings settings) : HttpMessageHandler
{
    /// <summary>A client of such a daemon.</summary>
    public static DaemonClient Client(ProgramSettings settings) => new(new SettingsAnswers(settings), "/nowhere", TimeProvider.System);

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        Assert.Equal("/v1/settings", request.RequestUri!.AbsolutePath);
        var document = SettingsEndpoint.Describe(settings, new Hashtable());
        var json = JsonSerializer.SerializeToUtf8Bytes(document, ApiJson.Default.SettingsDocument);
        return Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK) { Content = new ByteArrayContent(json) });
    }
}
