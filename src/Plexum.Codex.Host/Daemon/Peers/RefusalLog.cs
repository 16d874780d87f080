using Plexum.Codex.Host.Audit;
using Serilog;

namespace Plexum.Codex.Host.Daemon.Peers;

/// <summary>Tells the owner of refused processes, of so few that a hostile one cannot push everything else out of the logs.</summary>
/// <param name="audit">The audit log.</param>
/// <param name="time">The clock.</param>
internal sealed class RefusalLog(AuditLog audit, TimeProvider time)
{
    private readonly AuditThrottle _throttle = new(time);

    /// <summary>Writes a refusal, or counts it.</summary>
    public void Write(PeerVerdict.Refused refused)
    {
        if (!_throttle.TryPass(out var leftOut))
        {
            return;
        }

        Log.Warning(
            "daemon: connection refused process={Process} uid={User} left_out={LeftOut} why={Why}",
            refused.Process,
            refused.User,
            leftOut,
            refused.Detail
        );
        audit.WriteRefusedPeer(refused.User, refused.Pid, leftOut);
    }
}
