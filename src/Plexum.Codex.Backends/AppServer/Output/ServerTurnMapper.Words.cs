using System.Text.Json;
using Plexum.Codex.Events;

namespace Plexum.Codex.AppServer.Output;

/// <summary>What codex says for people.</summary>
internal sealed partial class ServerTurnMapper
{
    private void OnWords(string method, JsonElement parameters)
    {
        switch (method)
        {
            case "error" when parameters.ObjectOf("error") is { } error:
                OnError(error, parameters.IsTrue("willRetry"));
                break;
            case "warning" or "guardianWarning":
                Warn(parameters.TextOf("message"));
                break;
            case "configWarning" or "deprecationNotice":
                Warn($"{parameters.TextOf("summary")} {parameters.TextOf("details")}".Trim());
                break;
            case "model/rerouted":
                Warn(
                    $"codex uses the model {parameters.TextOf("toModel")} instead of {parameters.TextOf("fromModel")} "
                        + $"({SnakeCase.Of(parameters.TextOf("reason")).Replace('_', ' ')})."
                );
                break;
            default:
                // Every release adds some, and a plan's pieces, the diff of the whole turn and states of the thread say nothing more.
                break;
        }
    }

    private void OnError(JsonElement error, bool retries)
    {
        var message = error.TextOf("message");
        var reconnecting = retries || message.StartsWith("Reconnecting", StringComparison.OrdinalIgnoreCase);
        _error = reconnecting ? _error : error.Clone();
        _pending.Add(new CanonicalEvent.Notice(reconnecting ? NoticeCodes.Reconnecting : NoticeCodes.CodexError, message));
    }

    private void Warn(string message)
    {
        if (message.Length > 0)
        {
            var isMetadata = message.StartsWith("Model metadata", StringComparison.Ordinal);
            _pending.Add(new CanonicalEvent.Notice(isMetadata ? NoticeCodes.ModelMetadata : NoticeCodes.CodexWarning, message));
        }
    }
}
