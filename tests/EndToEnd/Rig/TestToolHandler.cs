using System.Collections.Concurrent;
using System.Collections.Immutable;
using Akka.Actor;
using Plexum.Codex.Requests;
using Plexum.Codex.Tools;

namespace Plexum.Codex.EndToEnd.Rig;

/// <summary>A host with tools; what a tool answers with is null where it never does.</summary>
internal sealed class TestToolHandler(
    params (string Name, Func<ToolBridgeProtocol.CallTool, ToolBridgeProtocol.ToolAnswered?> Answer)[] tools
)
{
    private readonly TaskCompletionSource<ToolBridgeProtocol.CallTool> _called = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public ImmutableArray<ToolDefinition> Tools =>
        [.. tools.Select(tool => new ToolDefinition(tool.Name, $"The tool {tool.Name}.", """{"type":"object"}"""))];

    public ConcurrentQueue<ToolBridgeProtocol.CallTool> Calls { get; } = new();

    /// <summary>The first call.</summary>
    public Task<ToolBridgeProtocol.CallTool> Called => _called.Task.WithinLimit();

    public IActorRef? Actor { get; private set; }

    public static ToolBridgeProtocol.ToolAnswered Say(ToolBridgeProtocol.CallTool call, string text, bool isError = false) =>
        new(call.TurnId, call.CallId, [new ToolContent.Text(text)], isError);

    public IActorRef StartIn(ActorSystem system) => Actor = system.ActorOf(Props.Create(() => new HostActor(this)));

    private sealed class HostActor : ReceiveActor
    {
        public HostActor(TestToolHandler host) =>
            Receive<ToolBridgeProtocol.CallTool>(call =>
            {
                host.Calls.Enqueue(call);
                host._called.TrySetResult(call);
                if (host.Answer(call) is { } answer)
                {
                    Sender.Tell(answer);
                }
            });
    }

    private ToolBridgeProtocol.ToolAnswered? Answer(ToolBridgeProtocol.CallTool call) =>
        tools.First(tool => tool.Name == call.Name).Answer(call);
}
