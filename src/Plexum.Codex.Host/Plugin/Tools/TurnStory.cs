using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using ModelContextProtocol.Protocol;
using Plexum.Codex.Events;
using Plexum.Codex.Options;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Host.Plugin.Tools;

/// <summary>Collects the events of a turn into the result that the client gets.</summary>
/// <param name="turn">The turn.</param>
/// <param name="told">What there is to say about its request, as sentences.</param>
internal sealed class TurnStory(TurnId turn, ImmutableArray<string> told)
{
    private readonly List<(string? Item, StringBuilder Text)> _texts = [];
    private readonly JsonArray _notices = [.. told.Select(sentence => JsonValue.Create(sentence))];
    private AgentId _agent;
    private BackendKind? _backend;
    private int _toolCalls;
    private bool _isWithoutFinal;
    private CanonicalEvent.Error? _error;
    private CanonicalEvent.MessageEnd? _end;

    public void Take(CanonicalEvent value)
    {
        switch (value)
        {
            case CanonicalEvent.MessageStart start:
                (_agent, _backend) = (start.AgentId, start.Backend);
                break;
            case CanonicalEvent.TextDelta delta:
                Take(delta);
                break;
            case CanonicalEvent.Notice notice:
                _notices.Add($"{notice.Code}: {notice.Message}");
                _isWithoutFinal |= notice.Code == NoticeCodes.NoFinalMessage;
                Discard(notice);
                break;
            case CanonicalEvent.ToolCall:
                _toolCalls++;
                break;
            case CanonicalEvent.Error error:
                _error = error;
                break;
            case CanonicalEvent.MessageEnd end:
                _end = end;
                break;
        }
    }

    /// <summary>The result of the call.</summary>
    /// <exception cref="CodexException">The end of the turn was not read.</exception>
    public CallToolResult ToAnswer()
    {
        var end = _end
            ?? throw new CodexException(
                $"The end of the turn {turn} could not be read; call codex_turn with \"turn\": \"{turn}\" to try again."
            );
        var text = string.Join("\n\n", _texts.Select(message => message.Text));
        var structured = new JsonObject
        {
            ["turn_id"] = turn.Value,
            ["agent_id"] = _agent.ToString(),
            ["stop_reason"] = JsonNamingPolicy.SnakeCaseLower.ConvertName(end.StopReason.ToString()),
            ["text"] = text,
            ["duration_ms"] = (long)end.Duration.TotalMilliseconds,
            ["tool_calls"] = _toolCalls,
            ["usage"] = new JsonObject
            {
                ["input_tokens"] = end.Usage.InputTokens,
                ["output_tokens"] = end.Usage.OutputTokens,
                ["cache_read_tokens"] = end.Usage.CacheReadTokens,
                ["thinking_tokens"] = end.Usage.ThinkingTokens,
            },
            ["notices"] = _notices,
        };
        if (_backend is { } backend)
        {
            structured["backend"] = backend.ToWireName();
        }

        if (end.ThreadId is { } thread)
        {
            structured["thread_id"] = thread.ToString();
        }

        if (_error is { } error)
        {
            structured["error"] = ToJson(error);
        }

        var isError = end.StopReason != StopReason.EndTurn;
        string[] parts =
            isError ? [Failure(end.StopReason), text]
            : _isWithoutFinal ? [text, $"The turn {turn} ended without a final message; what codex said before is no answer."]
            : [text];
        var said = string.Join("\n\n", parts.Where(part => part.Length > 0));
        return ToolAnswer.Of(said, JsonSerializer.SerializeToElement(structured), isError);
    }

    private void Take(CanonicalEvent.TextDelta delta)
    {
        var known = delta.Item is null ? -1 : _texts.FindLastIndex(message => message.Item == delta.Item);
        if (known < 0)
        {
            _texts.Add((delta.Item, new StringBuilder(delta.Text)));
        }
        else
        {
            _texts[known].Text.Append(delta.Text);
        }
    }

    // What codex has thrown away is not in the thread.
    private void Discard(CanonicalEvent.Notice notice)
    {
        if (notice is { Code: NoticeCodes.TextDiscarded, Item: { } item })
        {
            _texts.RemoveAll(message => message.Item == item);
        }
    }

    private static JsonObject ToJson(CanonicalEvent.Error error)
    {
        var json = new JsonObject
        {
            ["code"] = error.Code,
            ["message"] = error.Message,
            ["retryable"] = error.Retryable,
        };
        if (error.ResetsAt is { } resets)
        {
            json["resets_at"] = resets.ToUnixTimeSeconds();
        }

        return json;
    }

    private string Failure(StopReason reason) =>
        reason == StopReason.Cancelled
            ? $"The turn {turn} was cancelled."
            : $"The turn {turn} failed: {_error?.Message ?? "codex gave no reason."}"
                + (_error?.Retryable == true ? " A later attempt may succeed." : "");
}
