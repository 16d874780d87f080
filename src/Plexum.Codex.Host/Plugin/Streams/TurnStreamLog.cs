using System.Text.Json;
using Plexum.Codex.Client;
using Plexum.Codex.Events;
using Plexum.Codex.Host.Plugin.Rpc;
using Plexum.Codex.Threads;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Host.Plugin.Streams;

/// <summary>Writes the Go plugin's log entries for a turn, as far as its events allow.</summary>
internal sealed class TurnStreamLog(PlexumHostLog log, StreamedTurn turn)
{
    /// <summary>Writes the log entry for an event; call it before the event itself goes to the host.</summary>
    public Task TellAsync(DaemonClient daemon, ReadOnlyMemory<byte> line, CancellationToken cancellationToken) =>
        CanonicalJsonReader.TryRead(line, out _, out var value)
            ? value switch
            {
                CanonicalEvent.MessageStart start => SpawningAsync(daemon, start, cancellationToken),
                CanonicalEvent.Activity { Phase: ActivityPhase.Completed } activity => ItemAsync(activity, cancellationToken),
                CanonicalEvent.Notice notice => NoticeAsync(notice, cancellationToken),
                _ => Task.CompletedTask,
            }
            : Task.CompletedTask;

    private async Task SpawningAsync(DaemonClient daemon, CanonicalEvent.MessageStart start, CancellationToken cancellationToken)
    {
        var resume = start.Resumed ? await ThreadAsync(daemon, cancellationToken).ConfigureAwait(false) : "";
        await log.InfoAsync(
                "codex: spawning CLI",
                json =>
                {
                    json.WriteString("workspace"u8, turn.Workspace);
                    json.WriteString("model"u8, turn.Model ?? "");
                    json.WriteString("resume"u8, resume);
                    if (turn.PromptLength is { } length)
                    {
                        json.WriteNumber("prompt_len"u8, length);
                    }
                },
                cancellationToken
            )
            .ConfigureAwait(false);
    }

    // A log entry must not break the stream.
    private async Task<string> ThreadAsync(DaemonClient daemon, CancellationToken cancellationToken)
    {
        try
        {
            return (await daemon.AgentAsync(turn.Agent, cancellationToken).ConfigureAwait(false)).ThreadId ?? "";
        }
        catch (DaemonException)
        {
            return "";
        }
    }

    private Task ItemAsync(CanonicalEvent.Activity activity, CancellationToken cancellationToken)
    {
        using var item = JsonDocument.Parse(activity.Item);
        var (type, id) = (Text(item.RootElement, "type"), Text(item.RootElement, "id"));
        return log.DebugAsync(
            "codex item",
            json =>
            {
                json.WriteString("type"u8, type);
                json.WriteString("id"u8, id);
            },
            cancellationToken
        );
    }

    private Task NoticeAsync(CanonicalEvent.Notice notice, CancellationToken cancellationToken)
    {
        var (message, path) = notice.Code switch
        {
            NoticeCodes.LineUnreadable => ("codex: unparseable JSONL line", null),
            NoticeCodes.LineTooLong => ("codex scanner", null),
            NoticeCodes.ToolsUnavailable => ("codex: mcp registration fail", null),
            NoticeCodes.SessionNotSaved => ("codex: save session id failed", Path.Combine(turn.Workspace ?? "", SessionFile.Name)),
            _ => ((string?)null, (string?)null),
        };
        return message is null
            ? Task.CompletedTask
            : log.WarnAsync(
                message,
                json =>
                {
                    json.WriteString("err"u8, notice.Message);
                    if (path is not null)
                    {
                        json.WriteString("path"u8, path);
                    }
                },
                cancellationToken
            );
    }

    private static string Text(JsonElement item, string name) =>
        item.ValueKind == JsonValueKind.Object && item.TryGetProperty(name, out var value) ? RpcText.TryGet(value) ?? "" : "";
}
