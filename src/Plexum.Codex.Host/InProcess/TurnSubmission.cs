using Akka.Actor;
using Plexum.Codex.Agents;
using Plexum.Codex.Logs;
using Plexum.Codex.Profiles;
using Plexum.Codex.Requests;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Host.InProcess;

/// <summary>A turn that was handed in, seen from outside the actors.</summary>
public sealed class TurnSubmission
{
    private readonly TaskCompletionSource<TurnRefusal?> _answered = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _started = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<AgentProtocol.TurnEnded> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly IActorRef _registry;
    private readonly AgentServices _services;

    private TurnSubmission(IActorRef registry, AgentServices services, TurnRequest request)
    {
        (_registry, _services) = (registry, services);
        (AgentId, TurnId) = (request.AgentId, TurnId.New(services.Time));
    }

    /// <summary>The agent.</summary>
    public AgentId AgentId { get; }

    /// <summary>The turn.</summary>
    public TurnId TurnId { get; }

    /// <summary>Null when the turn was accepted, else why not.</summary>
    public Task<TurnRefusal?> Refusal => _answered.Task;

    /// <summary>The end of the turn.</summary>
    public Task<AgentProtocol.TurnEnded> Ended => _ended.Task;

    /// <summary>The turn's log.</summary>
    public string EventsFile => TurnDirectory.Of(new AgentDirectory(_services.Profile, AgentId), TurnId).EventsFile;

    /// <summary>The turn's events as they come, to the last one. A turn of which nothing could be written has none.</summary>
    /// <exception cref="IOException">The log cannot be read.</exception>
    public async IAsyncEnumerable<TurnLogLine> ReadAsync(
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await Task.WhenAny(_started.Task, _ended.Task).WaitAsync(cancellationToken).ConfigureAwait(false);
        if (!_services.Logs.Exists(AgentId, TurnId))
        {
            yield break;
        }

        // Where the last event could not be written the log has no end; the turn's own end is told then.
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        _ = _ended.Task.ContinueWith(
            ended => { if (ended.Result.Unrecorded is not null) { over.Cancel(); } },
            cancellationToken, TaskContinuationOptions.OnlyOnRanToCompletion, TaskScheduler.Default);
        await using var lines = _services.Logs.Read(AgentId, TurnId).FollowAsync(over.Token).GetAsyncEnumerator(over.Token);
        while (await Next(lines, cancellationToken).ConfigureAwait(false))
        {
            yield return lines.Current;
        }
    }

    /// <summary>Has the turn ended early.</summary>
    /// <param name="force">Kill codex at once.</param>
    public void Cancel(bool force) => _registry.Tell(new AgentProtocol.CancelTurn(AgentId, TurnId, force), ActorRefs.NoSender);

    internal static TurnSubmission Start(ActorSystem system, IActorRef registry, AgentServices services, TurnRequest request, IActorRef? toolHandler)
    {
        var submission = new TurnSubmission(registry, services, request);
        system.ActorOf(Props.Create(() => new Submitter(submission, registry, request, toolHandler ?? ActorRefs.Nobody)));
        return submission;
    }

    private static async ValueTask<bool> Next(IAsyncEnumerator<TurnLogLine> lines, CancellationToken cancellationToken)
    {
        try
        {
            return await lines.MoveNextAsync().ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }

    /// <summary>Stands for the submission among the actors, until the turn is over.</summary>
    private sealed class Submitter : ReceiveActor
    {
        public Submitter(TurnSubmission submission, IActorRef registry, TurnRequest request, IActorRef toolHandler)
        {
            Receive<AgentProtocol.TurnAccepted>(_ => submission._answered.TrySetResult(null));
            Receive<AgentProtocol.TurnRejected>(rejected =>
            {
                submission._answered.TrySetResult(rejected.Refusal);
                Context.Stop(Self);
            });
            Receive<AgentProtocol.TurnStarted>(_ => submission._started.TrySetResult());
            Receive<AgentProtocol.TurnEnded>(ended =>
            {
                submission._ended.TrySetResult(ended);
                Context.Stop(Self);
            });
            registry.Tell(new AgentProtocol.SubmitTurn(submission.TurnId, request, ToolHandler: toolHandler), Self);
        }
    }
}
