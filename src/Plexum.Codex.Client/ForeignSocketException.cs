using System.Globalization;

namespace Plexum.Codex.Client;

/// <summary>
/// Another user has put something in the place of the daemon's socket: promise S8 of docs/security.md. Nothing was sent there.
/// </summary>
/// <param name="socket">The path of the socket.</param>
/// <param name="owner">The user whose socket it is, or who listens there.</param>
/// <param name="user">The user of this program.</param>
public sealed class ForeignSocketException(string socket, uint owner, uint user)
    : DaemonException(Sentence(socket, owner, user), DaemonProblem.Refused)
{
    /// <summary>The path of the socket.</summary>
    public string Socket { get; } = socket;

    /// <summary>The user whose socket it is, or who listens there.</summary>
    public uint Owner { get; } = owner;

    private static string Sentence(string socket, uint owner, uint user) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"The socket {socket} is user {owner}'s, and this program runs as user {user}, so nothing was sent there. "
                + $"Run the command as the daemon's user, or set api.socket to another path."
        );
}
