using System.Net.Sockets;
using Plexum.Codex.Host.Configuration;
using Plexum.Codex.Posix;
using Plexum.Codex.Processes.Lineage;

namespace Plexum.Codex.Host.Daemon.Peers;

/// <summary>
/// Decides whether a process that has connected to the daemon's socket is the owner's: promise S6 of docs/security.md. The mode of the
/// socket's file does not tell, because the commands of turns run as the owner too.
/// </summary>
/// <param name="settings">What is allowed.</param>
internal sealed class PeerCheck(ApiSettings settings)
{
    private const uint Root = 0;
    private const string Elsewhere = "Run it beside the daemon, or give it a token and use serve --listen.";

    private static readonly PeerVerdict Owner = new PeerVerdict.Served(OwnersConnection.Instance);

    private readonly uint _user = Libc.EffectiveUser();
    private readonly TurnKinship _kinship = TurnKinship.OfThisProcess();

    /// <summary>Looks at who is at the other end.</summary>
    /// <param name="socket">The connected socket.</param>
    /// <exception cref="SocketException">The connection is broken.</exception>
    /// <exception cref="ObjectDisposedException">The connection is closed.</exception>
    public PeerVerdict Check(Socket socket)
    {
        using var peer = SocketPeer.Of(socket);
        var process = Describe(peer);
        var verdict = Judge(peer, process);

        // Only now is it certain that what was read was of this process and not of a later one with its pid.
        return peer.Pid != 0 && !peer.IsRunning ? Unknown(peer, process)
            : verdict is PeerVerdict.Served served ? served with { Process = new CallingProcess(peer.User, peer.Pid) }
            : verdict;
    }

    private PeerVerdict Judge(SocketPeer peer, string process)
    {
        if (peer.User != _user && peer.User != Root)
        {
            return Refuse(peer, process, $"{process} runs as user {peer.User}, the daemon as user {_user}. Run it as the daemon's user.");
        }

        if (peer.Pid == 0)
        {
            return Refuse(peer, process, $"{process} is in a pid namespace that the daemon cannot see, as in a container. {Elsewhere}");
        }

        return _kinship.Of(peer.Pid) switch
        {
            Kinship.Unknown => Unknown(peer, process),
            Kinship.OfTurn when settings.TurnsMayCall => new PeerVerdict.Served(OwnersConnection.OfTurn),
            Kinship.OfTurn => Refuse(
                peer,
                process,
                $"{process} belongs to a turn: codex started it, directly or not. What runs in a turn may not use the daemon; the owner "
                    + "can allow it to all turns with api.turns-may-call = on."
            ),
            _ => settings.OtherNamespacesMayCall ? Owner : InSameNamespaces(peer, process),
        };
    }

    // Root on this machine could become the daemon's user. Root in a container could not, and has the same number.
    private PeerVerdict InSameNamespaces(SocketPeer peer, string process) =>
        (peer.User == _user ? ProcessNamespaces.Compare(peer.Pid) : ProcessNamespaces.CompareByTraces(peer.Pid)) switch
        {
            NamespaceDifference.None => Owner,
            null => Refuse(
                peer,
                process,
                $"The daemon cannot look at {process} in /proc, so it cannot tell where it runs. Use a program without special privileges."
            ),
            { } difference => Refuse(
                peer,
                process,
                $"{process} is in another {(difference == NamespaceDifference.Pid ? "pid" : "mount")} namespace than the daemon, as in a "
                    + $"container or a sandbox. {Elsewhere} The owner can allow it to all such processes with "
                    + "api.other-namespaces-may-call = on."
            ),
        };

    private static PeerVerdict.Refused Unknown(SocketPeer peer, string process) =>
        Refuse(
            peer,
            process,
            $"{process} has ended, or its parents did while the daemon looked at them. Connect again, from a program that stays."
        );

    // A sentence may begin with the process.
    private static PeerVerdict.Refused Refuse(SocketPeer peer, string process, string detail) =>
        new(peer.User, peer.Pid, process, char.ToUpperInvariant(detail[0]) + detail[1..]);

    // A process chooses its own name.
    private static string Describe(SocketPeer peer) =>
        peer.Pid == 0 ? "a process" : VisibleText.OneLine(LockHolder.Of(peer.Pid).ToString());
}
