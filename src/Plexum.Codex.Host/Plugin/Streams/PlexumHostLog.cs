using System.Text.Json;
using Plexum.Codex.Host.Plugin.Rpc;
using Plexum.Codex.Host.Plugin.Session;

namespace Plexum.Codex.Host.Plugin.Streams;

/// <summary>
/// Writes to the host's log, with the levels, texts and fields of the Go plugin. It never receives prompts or answers.
/// </summary>
internal sealed class PlexumHostLog(RpcConnection host)
{
    public Task DebugAsync(string message, Action<Utf8JsonWriter> fields, CancellationToken cancellationToken) =>
        WriteAsync("debug", message, fields, cancellationToken);

    public Task InfoAsync(string message, Action<Utf8JsonWriter> fields, CancellationToken cancellationToken) =>
        WriteAsync("info", message, fields, cancellationToken);

    public Task WarnAsync(string message, Action<Utf8JsonWriter> fields, CancellationToken cancellationToken) =>
        WriteAsync("warn", message, fields, cancellationToken);

    private Task WriteAsync(string level, string message, Action<Utf8JsonWriter> fields, CancellationToken cancellationToken) =>
        host.NotifyAsync(PlexumMethods.PlexumHostLog, json => PlexumFrames.Log(json, level, message, fields), cancellationToken);
}
