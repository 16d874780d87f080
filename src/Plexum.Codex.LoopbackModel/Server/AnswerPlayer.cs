using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Plexum.Codex.LoopbackModel.Answers;
using Plexum.Codex.LoopbackModel.Requests;

namespace Plexum.Codex.LoopbackModel.Server;

/// <summary>Sends one answer as server-sent events. The response starts with the first step that sends something.</summary>
/// <param name="context">The HTTP context of the request.</param>
/// <param name="request">The parsed request.</param>
/// <param name="answer">The answer to send.</param>
/// <param name="family">A prefix that makes the ids of this answer unique, even across servers.</param>
/// <param name="ending">Cancelled when codex disconnects or the server stops.</param>
internal sealed class AnswerPlayer(HttpContext context, ModelRequest request, ModelAnswer answer, string family, CancellationToken ending)
{
    private readonly EventStreamWriter _events = new(context.Response, ending);
    private int _outputIndex;
    private int _spoken;
    private int _reasoned;

    /// <exception cref="OperationCanceledException">codex disconnected or the server stopped.</exception>
    public async Task<ExchangeOutcome> PlayAsync()
    {
        foreach (var (name, value) in answer.Headers)
        {
            context.Response.Headers.Append(name, value);
        }

        foreach (var step in answer.Steps)
        {
            if (await PlayAsync(step).ConfigureAwait(false) is { } outcome)
            {
                return outcome;
            }
        }

        await BeginAsync().ConfigureAwait(false);
        await _events.SendAsync("response.completed", new() { ["response"] = ResponseOf("completed", UsageJson()) }).ConfigureAwait(false);
        return ExchangeOutcome.Answered;
    }

    // Null: continue with the next step.
    private async Task<ExchangeOutcome?> PlayAsync(AnswerStep step)
    {
        switch (step)
        {
            case AnswerStep.WaitFor waiting:
                await waiting.Gate.PassAsync(ending).ConfigureAwait(false);
                return null;
            case AnswerStep.Stall:
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, ending).ConfigureAwait(false);
                return null;
            case AnswerStep.Fail { Failure: { Status: { } status } failure }:
                foreach (var (name, value) in failure.Headers)
                {
                    context.Response.Headers.Append(name, value);
                }

                await ResponsesEndpoint.SendErrorAsync(context, status, failure.Error.DeepClone().AsObject()).ConfigureAwait(false);
                return ExchangeOutcome.Failed;
        }

        await BeginAsync().ConfigureAwait(false);
        switch (step)
        {
            case AnswerStep.Reason reason:
                await SendReasoningAsync(reason).ConfigureAwait(false);
                return null;
            case AnswerStep.Reply reply:
                await SendMessageAsync(reply).ConfigureAwait(false);
                return null;
            case AnswerStep.Call call:
                await SendItemAsync(CallJson(call)).ConfigureAwait(false);
                return null;
            case AnswerStep.Item item:
                await SendItemAsync(item.Json.DeepClone().AsObject()).ConfigureAwait(false);
                return null;
            case AnswerStep.Event raw:
                await _events.SendAsync(raw.Json.DeepClone().AsObject()).ConfigureAwait(false);
                return null;
            case AnswerStep.Fail fail:
                var response = ResponseOf("failed", usage: null);
                response["error"] = fail.Failure.Error.DeepClone();
                await _events.SendAsync("response.failed", new() { ["response"] = response }).ConfigureAwait(false);
                return ExchangeOutcome.Failed;
            case AnswerStep.Drop:
                return ExchangeOutcome.Dropped;
            case AnswerStep.EndEarly:
                return ExchangeOutcome.EndedEarly;
            default:
                throw new InvalidOperationException($"Unknown step {step.GetType().Name}.");
        }
    }

    private async Task BeginAsync()
    {
        if (!_events.HasBegun)
        {
            await _events
                .SendAsync("response.created", new() { ["response"] = ResponseOf("in_progress", usage: null) })
                .ConfigureAwait(false);
        }
    }

    private async Task SendReasoningAsync(AnswerStep.Reason reason)
    {
        _reasoned += reason.Summary.Length;
        var item = new JsonObject
        {
            ["type"] = "reasoning",
            ["id"] = NewId("rs"),
            ["summary"] = new JsonArray(),
            ["encrypted_content"] = null,
        };
        await SendAddedAsync(item).ConfigureAwait(false);
        await SendPartAsync("response.reasoning_summary_part.added", item, "part", TextPart("summary_text", "")).ConfigureAwait(false);
        await SendPartAsync("response.reasoning_summary_text.delta", item, "delta", reason.Summary).ConfigureAwait(false);
        item["summary"] = new JsonArray(TextPart("summary_text", reason.Summary));
        await SendDoneAsync(item).ConfigureAwait(false);
    }

    private async Task SendMessageAsync(AnswerStep.Reply reply)
    {
        _spoken += reply.Text.Length;
        var item = new JsonObject
        {
            ["type"] = "message",
            ["id"] = NewId("msg"),
            ["role"] = "assistant",
            ["content"] = new JsonArray(),
        };
        await SendAddedAsync(item).ConfigureAwait(false);
        if (reply.DeltaLength is { } length)
        {
            foreach (var delta in TextPieces.Of(reply.Text, length))
            {
                await SendPartAsync("response.output_text.delta", item, "delta", delta).ConfigureAwait(false);
                if (reply.Pause > TimeSpan.Zero)
                {
                    await Task.Delay(reply.Pause, TimeProvider.System, ending).ConfigureAwait(false);
                }
            }
        }

        item["content"] = new JsonArray(TextPart("output_text", reply.Text));
        await SendDoneAsync(item).ConfigureAwait(false);
    }

    private async Task SendItemAsync(JsonObject item)
    {
        _spoken += 16;
        await SendAddedAsync(item).ConfigureAwait(false);
        await SendDoneAsync(item).ConfigureAwait(false);
    }

    private Task SendAddedAsync(JsonObject item) =>
        _events.SendAsync("response.output_item.added", new() { ["output_index"] = _outputIndex, ["item"] = item.DeepClone() });

    private Task SendDoneAsync(JsonObject item) =>
        _events.SendAsync("response.output_item.done", new() { ["output_index"] = _outputIndex++, ["item"] = item.DeepClone() });

    private Task SendPartAsync(string type, JsonObject item, string name, JsonNode value) =>
        _events.SendAsync(
            type,
            new()
            {
                ["item_id"] = item["id"]!.DeepClone(),
                ["output_index"] = _outputIndex,
                [type.Contains("summary", StringComparison.Ordinal) ? "summary_index" : "content_index"] = 0,
                [name] = value,
            }
        );

    private JsonObject CallJson(AnswerStep.Call call)
    {
        var json = new JsonObject
        {
            ["type"] = call.IsCustom ? "custom_tool_call" : "function_call",
            ["id"] = NewId(call.IsCustom ? "ctc" : "fc"),
            ["call_id"] = NewId("call"),
            ["name"] = call.Name,
            [call.IsCustom ? "input" : "arguments"] = call.Arguments,
        };
        if (call.Namespace is not null)
        {
            json["namespace"] = call.Namespace;
        }

        return json;
    }

    private JsonObject ResponseOf(string status, JsonObject? usage) =>
        new()
        {
            ["id"] = $"resp_{family}",
            ["object"] = "response",
            ["model"] = request.Model,
            ["status"] = status,
            ["usage"] = usage,
        };

    // Roughly four characters per token; codex only adds the numbers up.
    private JsonObject UsageJson()
    {
        var usage = answer.Usage
            ?? new TokenUsage(
                Input: 1 + (request.Input.Sum(item => item.Json.GetRawText().Length) / 4),
                Output: 1 + ((_spoken + _reasoned) / 4),
                Reasoning: _reasoned / 4
            );
        return new JsonObject
        {
            ["input_tokens"] = usage.Input,
            ["input_tokens_details"] = new JsonObject { ["cached_tokens"] = usage.CachedInput },
            ["output_tokens"] = usage.Output,
            ["output_tokens_details"] = new JsonObject { ["reasoning_tokens"] = usage.Reasoning },
            ["total_tokens"] = usage.Input + usage.Output,
        };
    }

    private string NewId(string kind) => string.Create(CultureInfo.InvariantCulture, $"{kind}_{family}_{_outputIndex}");

    private static JsonObject TextPart(string type, string text) => new() { ["type"] = type, ["text"] = text };
}
