using Akka.Actor;
using Plexum.Codex.AppServer.Running;
using Plexum.Codex.AppServer.Server;

namespace Plexum.Codex.AppServer.Node;

/// <summary>
/// Before it is taken for certain that no server has a thread, it is looked for servers that were left since this program began: such as
/// that of a <c>say</c> which was killed in the middle of a turn. Used in the turn of the node's actor only.
/// </summary>
/// <param name="services">What the actor needs.</param>
/// <param name="fleet">The servers of the node.</param>
/// <param name="self">The actor, which gets a <see cref="NodeMessages.FoundLater"/>.</param>
/// <param name="timers">Its timers.</param>
/// <param name="then">Carries out what waited for the look.</param>
internal sealed class LaterLook(
    AppServerServices services,
    Fleet fleet,
    IActorRef self,
    Func<ITimerScheduler> timers,
    Action<AppServerProtocol.ICommand, IActorRef> then
)
{
    private readonly List<(AppServerProtocol.ICommand Command, IActorRef Sender)> _next = [];
    private readonly List<(AppServerProtocol.ICommand Command, IActorRef Sender)> _again = [];
    private readonly List<IActorRef> _found = [];
    private readonly HashSet<IActorRef> _unknown = [];
    private (AppServerProtocol.ICommand Command, IActorRef Sender)[] _now = [];
    private bool _isLooking;
    private bool _isWhole;
    private int _failures;

    /// <summary>A command waits for a look that begins from now on.</summary>
    public void Add(AppServerProtocol.ICommand command, IActorRef sender)
    {
        _next.Add((command, sender));
        Begin();
    }

    /// <summary>What a failed look was to find is looked for once more.</summary>
    public void Again()
    {
        _next.AddRange(_again);
        _again.Clear();
        Begin();
    }

    /// <summary>These were found. They finish their turns, and take no new ones, once it is known what they have.</summary>
    /// <param name="servers">Their actors.</param>
    /// <param name="isWhole">Whether everything could be looked at.</param>
    public void Await(IEnumerable<IActorRef> servers, bool isWhole)
    {
        _found.AddRange(servers);
        _unknown.UnionWith(_found);
        (_isWhole, _failures) = (isWhole, isWhole ? 0 : _failures + 1);
        EndIfKnown();
    }

    /// <summary>It is known what a server has, or it is gone.</summary>
    public void NoteKnown(IActorRef server)
    {
        if (_unknown.Remove(server))
        {
            EndIfKnown();
        }
    }

    /// <summary>Has the next incarnation of the actor do what waits.</summary>
    public void HandBack()
    {
        foreach (var (command, sender) in _now.Concat(_next).Concat(_again))
        {
            self.Tell(command, sender);
        }
    }

    private void Begin()
    {
        if (_isLooking || _next.Count == 0)
        {
            return;
        }

        (_isLooking, _now) = (true, [.. _next]);
        _next.Clear();
        var profile = services.Profile;
        FileWork
            .Run(() => FoundServers.Look(profile))
            .PipeTo(
                self,
                success: found => new NodeMessages.FoundLater(found),
                failure: e => new NodeMessages.FoundLater(new FoundServers([], []) { Problems = [e.Message] })
            );
    }

    // What a server has is asked for before it is told to let go of what nobody needs.
    private void EndIfKnown()
    {
        if (_unknown.Count > 0)
        {
            return;
        }

        var done = _now;
        (_isLooking, _now) = (false, []);
        foreach (var (command, sender) in done)
        {
            if (!_isWhole && command is AppServerProtocol.OpenThread { Reattach: true } open && fleet.HolderOf(open) is null)
            {
                // Its turn may go on in what could not be looked at.
                _again.Add((command, sender));
            }
            else
            {
                then(command, sender);
            }
        }

        _found.ForEach(fleet.Leave);
        _found.Clear();
        if (_again.Count > 0)
        {
            var pause = StartHistory.PauseAfter(services.Settings, _failures);
            timers().StartSingleTimer(NodeMessages.LookAgain.Instance, NodeMessages.LookAgain.Instance, pause);
        }

        Begin();
    }
}
