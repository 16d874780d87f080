using System.Text.Json.Nodes;
using Akka.Actor;
using Plexum.Codex.AppServer.Output;
using Plexum.Codex.AppServer.Server;
using Plexum.Codex.Backend;
using Plexum.Codex.Json;
using Plexum.Codex.Tools;

namespace Plexum.Codex.AppServer.Turns.Steps;

/// <summary>
/// Hands the server's calls of the host's tools to the turn, and the turn's answers to the server. The server asks again after a lost
/// connection, with the same id (measured on 0.169.0 and 0.171.0); the host is asked once. Belongs to an actor.
/// </summary>
/// <param name="server">The server's actor.</param>
/// <param name="parent">The turn's actor.</param>
internal sealed class HostCalls(IActorRef server, IActorRef parent)
{
    /// <summary>The method of the question.</summary>
    public const string Method = "item/tool/call";

    private readonly Dictionary<string, HostCall> _calls = new(StringComparer.Ordinal);

    /// <summary>The server asks.</summary>
    public void Take(AppServerProtocol.Asked asked)
    {
        var question = asked.RequestId.GetRawText();
        var tool = asked.Parameters.TextOf("tool");
        if (_calls.TryGetValue(question, out var known))
        {
            // An answer may have been lost with the connection.
            known.Reply(server);
        }
        else if (!ToolServerName.IsOne(asked.Parameters.TextOf("namespace")))
        {
            // The thread was begun by another program.
            var call = _calls[question] = new HostCall(asked);
            call.Answer = ReplyOf([new ToolContent.Text($"There is no tool {tool} in this turn.")], isError: true);
            call.Reply(server);
        }
        else
        {
            _calls[question] = new HostCall(asked);
            asked.Parameters.TryGetProperty("arguments", out var arguments);
            parent.Tell(new CodexBackendProtocol.ToolAsked(question, asked.Parameters.TextOf("callId"), tool, arguments));
        }
    }

    /// <summary>The turn answers.</summary>
    public void Answer(CodexBackendProtocol.ToolAnswer answer)
    {
        if (_calls.TryGetValue(answer.Question, out var call) && call.Answer is null)
        {
            call.Answer = ReplyOf(answer.Content, answer.IsError);
            call.Reply(server);
        }
    }

    /// <summary>A call has ended, so the server does not ask for it again.</summary>
    /// <param name="callId">The model's id of it.</param>
    public void End(string callId)
    {
        foreach (var (question, call) in _calls.Where(call => call.Value.Asked.Parameters.TextOf("callId") == callId).ToArray())
        {
            _calls.Remove(question);
            if (call.Answer is null)
            {
                parent.Tell(new CodexBackendProtocol.ToolWithdrawn(question));
            }
        }
    }

    private static JsonObject ReplyOf(IEnumerable<ToolContent> content, bool isError) =>
        new() { ["contentItems"] = new JsonArray([.. content.Select(PartOf)]), ["success"] = !isError };

    private static JsonNode PartOf(ToolContent part) =>
        part switch
        {
            ToolContent.Text text => new JsonObject { ["type"] = "inputText", ["text"] = WholeText.Of(text.Value) },
            ToolContent.Image image => new JsonObject
            {
                ["type"] = "inputImage",
                ["imageUrl"] = WholeText.Of($"data:{image.MediaType};base64,{image.Base64}"),
            },
            _ => throw new ArgumentException($"{part.GetType().Name} is not a known kind of tool content.", nameof(part)),
        };

    private sealed class HostCall(AppServerProtocol.Asked asked)
    {
        public AppServerProtocol.Asked Asked => asked;

        public JsonObject? Answer { get; set; }

        public void Reply(IActorRef to)
        {
            if (Answer is not null)
            {
                to.Tell(new AppServerProtocol.Reply(asked.Thread, asked.RequestId, Answer));
            }
        }
    }
}
