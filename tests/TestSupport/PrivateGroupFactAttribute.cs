using System.Globalization;
using Plexum.Codex.Posix;
using Plexum.Codex.Posix.Ownership;

namespace Plexum.Codex.TestSupport;

/// <summary>A test for a user whose own group has no other members. It is skipped, with the reason, where it has.</summary>
public sealed class PrivateGroupFactAttribute : FactAttribute
{
    /// <summary>Finds out whether the group of this process is private.</summary>
    public PrivateGroupFactAttribute()
    {
        var process = FileStatus.OfPath($"/proc/{Environment.ProcessId.ToString(CultureInfo.InvariantCulture)}");
        Skip =
            process is { } status && Accounts.OfMachine.IsPrivate(status.Group, Libc.EffectiveUser())
                ? null
                : "Other users are in the group of this process, or it is not listed in /etc/group.";
    }
}
