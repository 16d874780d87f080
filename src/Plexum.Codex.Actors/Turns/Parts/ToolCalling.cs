using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Akka.Actor;
using Plexum.Codex.Backend;
using Plexum.Codex.Tools;

namespace Plexum.Codex.Turns.Parts;

/// <summary>
/// The calls of the host's tools that the run hands up, because they do not come over the tools' socket: each goes to the bridge, with the
/// same checks and limits, and the bridge's answer goes to the run. Part of the turn's actor.
/// </summary>
/// <param name="bridge">The agent's bridge; null for a turn without tools.</param>
[SuppressMessage("Design", "CA1001", Justification = "The cancellation source has no timer, so there is nothing to dispose of.")]
internal sealed class ToolCalling(IActorRef? bridge)
{
    private readonly CancellationTokenSource _lost = new();
    private readonly Dictionary<string, Guid> _operations = new(StringComparer.Ordinal);

    /// <summary>The run hands up a call, or needs no answer to one any more.</summary>
    public void Take(CodexBackendProtocol.IToolReport report, IActorRef run)
    {
        switch (report)
        {
            case CodexBackendProtocol.ToolAsked asked:
                Call(asked, run);
                break;
            case CodexBackendProtocol.ToolWithdrawn withdrawn when _operations.Remove(withdrawn.Question, out var operation):
                bridge?.Tell(new ToolConnectionProtocol.GiveUp(operation));
                break;
        }
    }

    /// <summary>The bridge has failed, so it answers nothing more.</summary>
    public void Lose() => _lost.Cancel();

    private void Call(CodexBackendProtocol.ToolAsked asked, IActorRef run)
    {
        if (bridge is null)
        {
            run.Tell(Answer($"There is no tool {asked.Name} in this turn, nor any other of the host's."));
        }
        else if (asked.Arguments.ValueKind != JsonValueKind.Object)
        {
            run.Tell(Answer(ToolCallShape.NoObject(asked.Arguments.ValueKind)));
        }
        else
        {
            var operation = _operations[asked.Question] = Guid.NewGuid();
            var call = new ToolConnectionProtocol.Call(0, operation, IdOf(asked), asked.Name, ArgumentsOf(asked.Arguments));
            bridge
                .Ask<ToolResult>(call, Timeout.InfiniteTimeSpan, _lost.Token)
                .PipeTo(
                    run,
                    success: result => new CodexBackendProtocol.ToolAnswer(asked.Question, result.Content, result.IsError),
                    failure: _ =>
                        Answer($"The tool {asked.Name} gave no answer: plexum-codex failed. Whether it did its work is not known.")
                );
        }

        CodexBackendProtocol.ToolAnswer Answer(string sentence) => new(asked.Question, [new ToolContent.Text(sentence)], IsError: true);
    }

    private static string? IdOf(CodexBackendProtocol.ToolAsked asked) => asked.CallId is { Length: > 0 and <= 256 } id ? id : null;

    private static Dictionary<string, JsonElement> ArgumentsOf(JsonElement arguments)
    {
        var members = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        foreach (var member in arguments.EnumerateObject())
        {
            members[member.Name] = member.Value;
        }

        return members;
    }
}
