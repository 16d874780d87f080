using System.Globalization;

namespace Plexum.Codex.Host.Connections;

/// <summary>
/// How many connections the daemon holds on this machine: what the settings say, as far as the limit on open files leaves enough for
/// everything else. Connections must never take the last descriptors: without one, turns fail, and so does the runtime.
/// </summary>
/// <param name="Tcp">Over TCP.</param>
/// <param name="Unauthenticated">Of these, without a valid token.</param>
/// <param name="Local">Over the unix socket.</param>
internal sealed record ConnectionCaps(int Tcp, int Unauthenticated, int Local)
{
    // The runtime, the ledger, the logs, the listening sockets, and what a request opens for a moment.
    private const int Fixed = 192;

    // A running codex: its prompt, its two outputs, its log and their watches, and the tools' socket with its connections.
    private const int PerTurn = 16;

    // The socket, and the log that an event stream reads.
    private const int PerConnection = 2;

    /// <summary>Why the caps are lower than the settings, and what to do; null if they are not.</summary>
    public string? Warning { get; private init; }

    /// <summary>Fits the settings into the limit on open files.</summary>
    /// <param name="wanted">The settings.</param>
    /// <param name="descriptors">How many descriptors the process may have open.</param>
    /// <param name="turns">How many codex processes may run at once.</param>
    public static ConnectionCaps Fit(ConnectionSettings wanted, long descriptors, int turns)
    {
        var reserve = Math.Min(Fixed + ((long)PerTurn * turns), descriptors / 2);
        var room = (int)Math.Min((descriptors - reserve) / PerConnection, int.MaxValue);
        var tcp = Math.Clamp(room / 2, 1, wanted.Max);
        var caps = new ConnectionCaps(
            tcp,
            Math.Min(wanted.MaxUnauthenticated, tcp < wanted.Max ? Math.Max(1, tcp / 2) : tcp),
            Math.Clamp(room - tcp, 1, wanted.MaxLocal)
        );
        return caps.Tcp == wanted.Max && caps.Local == wanted.MaxLocal
            ? caps
            : caps with
            {
                Warning = string.Create(
                    CultureInfo.InvariantCulture,
                    $"This process may have only {descriptors} files open, so it holds at most {caps.Tcp} connections over TCP "
                        + $"({caps.Unauthenticated} without a valid token) and {caps.Local} over the unix socket. Raise the limit "
                        + $"(LimitNOFILE= in a systemd unit, ulimit -n in a shell), or lower api.max-connections and "
                        + $"api.max-local-connections."
                ),
            };
    }
}
