using Akka.Actor;
using Plexum.Codex.Host.Configuration;
using Plexum.Codex.Inbox;
using Serilog;

namespace Plexum.Codex.Host.Molecule;

/// <summary>The part of a daemon that answers a workspace of the molecule platform.</summary>
internal sealed class MoleculeInbox : IAsyncDisposable
{
    // As long as requests have that are under way.
    private static readonly TimeSpan s_closeLimit = TimeSpan.FromSeconds(5);

    private readonly TaskCompletionSource<string> _refused = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly IDisposable _lock;
    private readonly IMoleculeTools _tools;

    private MoleculeInbox(MoleculeConnection connection, MoleculeTransport transport, IDisposable @lock, IMoleculeTools tools) =>
        (Connection, Transport, _lock, _tools) = (connection, transport, @lock, tools);

    public MoleculeConnection Connection { get; }

    public MoleculeTransport Transport { get; }

    /// <summary>Completes with what the platform said when it refuses the workspace.</summary>
    public Task<string> Refused => _refused.Task;

    /// <summary>The <see cref="Inbox.InboxActor"/>; null while the turns of the last run are still being taken up.</summary>
    public IActorRef? Actor { get; private set; }

    /// <summary>Takes what belongs to one daemon alone, and makes the way to the platform. Nothing is asked of the platform yet.</summary>
    /// <exception cref="CodexException">Another process answers the workspace, or something is missing.</exception>
    public static MoleculeInbox Open(HostSettings settings, MoleculeConnection connection)
    {
        var own = WorkspaceLock.Acquire(connection);
        try
        {
            return new MoleculeInbox(connection, settings.Molecule.Transport, own, MoleculeTransports.Make(settings, connection));
        }
        catch
        {
            own.Dispose();
            throw;
        }
    }

    /// <summary>Begins to answer, once the turns that the last run left behind stand before new ones. Nobody needs to wait for that.</summary>
    /// <param name="system">The daemon's actors.</param>
    /// <param name="dispatched">Completes when those turns stand before new ones.</param>
    /// <param name="environment">What the inbox's actors share, given the way to the platform.</param>
    public async Task BeginAsync(ActorSystem system, Task dispatched, Func<IMoleculeTools, InboxEnvironment> environment)
    {
        try
        {
            await dispatched.ConfigureAwait(false);
            system.ActorOf(InboxRefusalActor.Props(_refused), "inbox-refusal");
            Actor = system.ActorOf(InboxActor.Props(environment(_tools)), "inbox");
        }
        catch (Exception e) when (e is TaskCanceledException or InvalidOperationException)
        {
            Log.Warning("molecule: the daemon stopped before the inbox was opened: {Why:l}", e.Message);
        }
    }

    /// <summary>Lets the replies that are under way get to their end, as long as that is no long wait. Before the actors are stopped.</summary>
    public async Task CloseAsync()
    {
        try
        {
            await (Actor?.Ask<InboxProtocol.Closed>(InboxProtocol.Close.Instance, s_closeLimit) ?? Task.CompletedTask).ConfigureAwait(false);
        }
        catch (AskTimeoutException)
        {
            Log.Warning("molecule: replies were still under way when the daemon stopped; they are sent once more after the next start");
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _tools.DisposeAsync().ConfigureAwait(false);
        _lock.Dispose();
    }
}
