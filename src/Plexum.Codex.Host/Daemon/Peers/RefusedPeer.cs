namespace Plexum.Codex.Host.Daemon.Peers;

/// <summary>Marks a connection whose requests are all refused.</summary>
/// <param name="Detail">Why and what to do, in full sentences.</param>
internal sealed record RefusedPeer(string Detail);
