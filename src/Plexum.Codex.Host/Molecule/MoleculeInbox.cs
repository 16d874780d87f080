using Akka.Actor;
using Plexum.Codex.Host.Configuration;
using Plexum.Codex.Molecule.Inbox;
using Plexum.Codex.Molecule.Platform;
using Serilog;

namespace Plexum.Codex.Host.Molecule;

/// <summary>The part of the daemon that answers a workspace of the molecule platform.</summary>
internal sealed class MoleculeInbox : IAsyncDisposable
{
    // Same as the daemon's limit for requests that are still running.
    private static readonly TimeSpan CloseLimit = TimeSpan.FromSeconds(5);

    private readonly TaskCompletionSource<string> _refused = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly IDisposable _lock;
    private readonly IMoleculePlatform _platform;

    private MoleculeInbox(MoleculeConnection connection, MoleculeTransport transport, IDisposable @lock, IMoleculePlatform platform) =>
        (Connection, Transport, _lock, _platform) = (connection, transport, @lock, platform);

    public MoleculeConnection Connection { get; }

    public MoleculeTransport Transport { get; }

    /// <summary>Completes with the platform's message if it refuses the workspace.</summary>
    public Task<string> Refused => _refused.Task;

    /// <summary>The inbox's actor; null while the turns of the last run are being recovered.</summary>
    public IActorRef? Actor { get; private set; }

    /// <summary>Locks the workspace and creates the transport. Does not contact the platform yet.</summary>
    /// <exception cref="CodexException">Another process answers the workspace, or a prerequisite is missing.</exception>
    public static MoleculeInbox Open(ProgramSettings settings, MoleculeConnection connection)
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

    /// <summary>Starts to answer once the turns of the last run are queued ahead of new ones. Safe to call without awaiting.</summary>
    /// <param name="system">The daemon's actor system.</param>
    /// <param name="dispatched">Completes when those turns are queued.</param>
    /// <param name="services">Creates what the inbox's actors share, for a transport.</param>
    public async Task BeginAsync(ActorSystem system, Task dispatched, Func<IMoleculePlatform, InboxServices> services)
    {
        try
        {
            await dispatched.ConfigureAwait(false);
            system.ActorOf(InboxRefusalActor.Props(_refused), "inbox-refusal");
            Actor = system.ActorOf(InboxActor.Props(services(_platform)), "inbox");
        }
        catch (Exception e) when (e is TaskCanceledException or InvalidOperationException)
        {
            Log.Warning("molecule: the daemon stopped before the inbox started: {Why:l}", e.Message);
        }
    }

    /// <summary>Waits a few seconds for the replies that are being sent. Call it before the actors stop.</summary>
    public async Task CloseAsync()
    {
        try
        {
            await (Actor?.Ask<InboxProtocol.Closed>(InboxProtocol.Close.Instance, CloseLimit) ?? Task.CompletedTask).ConfigureAwait(false);
        }
        catch (AskTimeoutException)
        {
            Log.Warning("molecule: the daemon stopped while replies were being sent; they are sent again after the next start");
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _platform.DisposeAsync().ConfigureAwait(false);
        _lock.Dispose();
    }
}
