namespace Plexum.Codex.Host.Daemon.Peers;

/// <summary>What a process may do that has connected to the daemon's socket.</summary>
internal abstract record PeerVerdict
{
    private PeerVerdict() { }

    /// <summary>It is served.</summary>
    /// <param name="Connection">As whom.</param>
    /// <param name="Process">The process; null until it is known.</param>
    public sealed record Served(OwnersConnection Connection, CallingProcess? Process = null) : PeerVerdict;

    /// <summary>It is not served.</summary>
    /// <param name="User">The user it runs as.</param>
    /// <param name="Pid">Its pid; 0 if the daemon cannot see it.</param>
    /// <param name="Process">The process, as part of a sentence.</param>
    /// <param name="Detail">Why not and what to do, in full sentences.</param>
    public sealed record Refused(uint User, int Pid, string Process, string Detail) : PeerVerdict;
}
