using Akka.Actor;
using Plexum.Codex.Backend;
using Plexum.Codex.Posix;
using Plexum.Codex.Processes;
using Plexum.Codex.Requests;
using Plexum.Codex.Tools;
using Plexum.Codex.Tools.Connections;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Bench;

/// <summary>The tools of a turn whose codex is this process: the relays that it starts are the codex's own, and are admitted.</summary>
internal sealed class TurnWithTools : IAsyncDisposable
{
    private readonly ActorSystem _system;

    private TurnWithTools(ActorSystem system, IReadOnlyDictionary<string, string> variables) => (_system, Variables) = (system, variables);

    /// <summary>What codex gives the relay.</summary>
    public IReadOnlyDictionary<string, string> Variables { get; }

    public static async Task<TurnWithTools> BeginAsync(DirectoryInfo place)
    {
        var system = ActorSystem.Create("bench", "akka.loglevel = OFF, akka.stdout-loglevel = OFF");
        var services = new ToolServices(place.FullName, new ToolSettings(), RelayProgram.OfThisProcess(), TimeProvider.System);
        var bridge = system.ActorOf(ToolBridgeActor.Props(services, AgentId.Parse("alice")));
        var open = new ToolBridgeProtocol.OpenTurn(
            TurnId.New(TimeProvider.System),
            [new ToolDefinition("get", "Gets.", null)],
            ActorRefs.Nobody,
            ToolToken.New(),
            new OwnRun()
        );
        var opened = await bridge.Ask<ToolBridgeProtocol.TurnOpened>(open, Limits.Wait);
        var server = opened.Server ?? throw new BenchException(opened.Failure!);
        return new TurnWithTools(system, server.Variables.Add(ToolServer.TokenVariable, server.Token));
    }

    public async ValueTask DisposeAsync() => await _system.Terminate();

    private sealed class OwnRun : IBackendRun
    {
        private readonly ProcessIdentity _codex = ProcessProbe.Identify(Environment.ProcessId);

        public Props PropsOf(IActorRef rollout) => Props.Empty;

        public Task KillAsync() => Task.CompletedTask;

        public Task<bool> IsOwnAsync(SocketPeer peer, CancellationToken cancellationToken) =>
            Task.FromResult(ProcessAncestry.Of(peer).Contains(_codex));

        public string? NoteSettled() => null;
    }
}
