using Akka.Actor;
using Akka.Event;
using Akka.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Plexum.Codex.Agents;
using Plexum.Codex.AppServer.Node;
using Plexum.Codex.AppServer.Server;
using Plexum.Codex.Gateway;
using Plexum.Codex.Host.Configuration;
using Plexum.Codex.Host.Hosting;
using Plexum.Codex.Ledger;
using Plexum.Codex.Logs;
using Plexum.Codex.Profiles;
using Plexum.Codex.Requests;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Host.InProcess;

/// <summary>The actors in this process, for commands that run turns themselves.</summary>
public sealed class CodexSystem : IAsyncDisposable
{
    private static readonly TimeSpan EndLimit = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(5);

    private readonly IHost _host;
    private readonly Lock _gate = new();
    private bool _isDisposed;
    private readonly List<TurnId> _submitted = [];
    private readonly List<TurnFollower> _followers = [];
    private int _cancels;
    private bool _killed;

    private CodexSystem(IHost host, AgentServices services)
    {
        (_host, Services) = (host, services);
        Actors = host.Services.GetRequiredService<ActorSystem>();
        Registry = host.Services.GetRequiredService<IRequiredActor<AgentRegistryActor>>().ActorRef;
        Gateway = new TurnGateway(
            new GatewayServices(Registry, services.Profile, services.Ledger, services.Logs, services.Notifier, services.Time)
            {
                Workspaces = services.Workspaces,
                ApprovalBook = services.ApprovalBook,
            }
        );
    }

    /// <summary>What the agents share.</summary>
    public AgentServices Services { get; }

    /// <summary>The registry of the agents.</summary>
    public IActorRef Registry { get; }

    /// <summary>The actor system.</summary>
    public ActorSystem Actors { get; }

    /// <summary>The way to the agents. <see cref="CancelAll"/> does not know turns that are submitted there.</summary>
    public TurnGateway Gateway { get; }

    /// <summary>Starts the actors. Each turn may run at once.</summary>
    /// <param name="settings">The settings.</param>
    /// <param name="ledger">
    /// Records the turns, and is closed with this; by default they are known for as long as this process lives.
    /// </param>
    public static async Task<CodexSystem> StartAsync(ProgramSettings settings, ITurnLedger? ledger = null)
    {
        ArgumentNullException.ThrowIfNull(settings);
        AgentServices? services = null;
        var builder = Microsoft.Extensions.Hosting.Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Services.AddAkka(CodexHosting.SystemName, akka =>
            akka.WithProgramSettings(settings)
                .WithCodexConfig(settings)
                .WithAppServer(settings, looksAtStart: false)
                .WithAgents(registry =>
                    services = CodexHosting.ServicesOf(settings, registry) with { Ledger = ledger ?? new InMemoryLedger() }
                )
        );
        var host = builder.Build();
        await host.StartAsync().ConfigureAwait(false);
        return new CodexSystem(host, services!);
    }

    /// <summary>Submits a turn.</summary>
    /// <param name="request">The turn.</param>
    /// <param name="toolHandler">Gets the calls of its tools; null for nobody.</param>
    public async Task<Submission> SubmitAsync(TurnRequest request, IActorRef? toolHandler = null)
    {
        var before = Volatile.Read(ref _cancels);
        var submission = new TurnSubmission(request, Submitter.Owner, ToolHandler: toolHandler);
        var answer = await Gateway.SubmitAsync(submission).ConfigureAwait(false);
        if (answer is Submission.Accepted { TurnId: var turn })
        {
            bool wasCancelled;
            lock (_gate)
            {
                _submitted.Add(turn);
                wasCancelled = _cancels != before;
            }

            if (wasCancelled)
            {
                await Gateway.CancelAsync(turn, Volatile.Read(ref _killed)).ConfigureAwait(false);
            }
        }

        return answer;
    }

    /// <summary>
    /// The events of a turn as lines, those that are there and those to come. If its end can be written nowhere, it waits until the ledger
    /// has it, or <see cref="CancelAll"/> is called.
    /// </summary>
    /// <param name="turn">The turn.</param>
    /// <param name="tell">Is told once why it waits.</param>
    /// <exception cref="IOException">The log cannot be read.</exception>
    public async IAsyncEnumerable<TurnLogLine> ReadAsync(TurnId turn, Action<string> tell)
    {
        await using var follower = await Gateway.FollowThereAsync(turn, 0, Heartbeat).ConfigureAwait(false);
        lock (_gate)
        {
            _followers.Add(follower);
            if (_cancels > 0)
            {
                follower.TakeToldEnd();
            }
        }

        var isTold = false;
        await foreach (var line in follower.ReadAsync(OnBeat).ConfigureAwait(false))
        {
            yield return line;
        }

        void OnBeat()
        {
            if (follower.AwaitsLedger && !isTold)
            {
                isTold = true;
                tell(
                    $"The turn {turn} has ended, and neither its log nor the ledger can be written, so its end is not kept yet. "
                        + "Free some space on the profile's disk, or press Ctrl-C to wait no longer."
                );
            }
        }
    }

    /// <summary>
    /// Cancels all turns that were submitted here, also those that are not accepted yet, and has their readers wait for no ledger.
    /// </summary>
    /// <param name="force">Kill codex at once.</param>
    public void CancelAll(bool force)
    {
        lock (_gate)
        {
            _cancels++;
            _killed |= force;
            foreach (var turn in _submitted)
            {
                _ = Gateway.CancelAsync(turn, force);
            }

            _followers.ForEach(follower => follower.TakeToldEnd());
        }
    }

    /// <summary>Waits until a turn has ended, without reading its events.</summary>
    public async Task<StopReason> AwaitEndAsync(TurnId turn)
    {
        if (await Gateway.FollowAsync(turn).ConfigureAwait(false) is FollowAnswer.Followed { Follower: var follower })
        {
            await using (follower)
            {
                await follower.AwaitEndAsync().ConfigureAwait(false);
            }
        }

        return (await Gateway.FindAsync(turn).ConfigureAwait(false))?.StopReason ?? StopReason.Error;
    }

    /// <summary>The file of a turn's events.</summary>
    public string EventsFile(AgentId agent, TurnId turn) => TurnDirectory.Of(new AgentDirectory(Services.Profile, agent), turn).EventsFile;

    /// <summary>Stops the actors, and codex's app-server if no turn runs in it. A codex that runs a turn is left running.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isDisposed, true))
        {
            return;
        }

        await AwaitEndsInLedgerAsync().ConfigureAwait(false);
        await StopAppServerAsync().ConfigureAwait(false);
        await _host.StopAsync().ConfigureAwait(false);
        _host.Dispose();
        await Services.Ledger.DisposeAsync().ConfigureAwait(false);
    }

    // What does not end in time is ended or adopted by the next program.
    private async Task StopAppServerAsync()
    {
        var server = _host.Services.GetRequiredService<IRequiredActor<AppServerActor>>().ActorRef;
        try
        {
            await server.Ask<AppServerProtocol.Stopped>(new AppServerProtocol.Stop(EvenWithTurns: false), EndLimit).ConfigureAwait(false);
        }
        catch (AskTimeoutException)
        {
            Actors.Log.Warning("codex: app-server did not end when the program did; the next one ends or adopts it");
        }
    }

    // A turn's last event is in its log a moment before the agent's actor tells the ledger.
    private async Task AwaitEndsInLedgerAsync()
    {
        TurnId[] submitted;
        lock (_gate)
        {
            submitted = [.. _submitted];
        }

        foreach (var turn in submitted)
        {
            using var watch = Services.Notifier.Watch(turn);
            if (!await HasEndedAsync(turn).ConfigureAwait(false))
            {
                await ((Task)watch.Ended).WaitAsync(EndLimit, Services.Time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    // Whether its end can be read makes no difference to a turn that has run.
    private async Task<bool> HasEndedAsync(TurnId turn)
    {
        try
        {
            await Services.Ledger.FlushAsync().WaitAsync(EndLimit, Services.Time).ConfigureAwait(false);
            return await Services.Ledger.FindTurnAsync(turn).ConfigureAwait(false) is { State: TurnState.Ended };
        }
        catch (Exception e) when (e is LedgerUnavailableException or TimeoutException)
        {
            return true;
        }
    }
}
