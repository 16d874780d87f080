using Plexum.Codex.Posix;

namespace Plexum.Codex.Host.Health;

/// <summary>
/// What the program needs of the system before it can do anything. With fewer descriptors, .NET fails in odd ways: it does not find its
/// assemblies, reports that memory is exhausted, or ends without a word.
/// </summary>
internal static class StartLimits
{
    /// <summary>The fewest descriptors that this program starts with.</summary>
    public const long MinDescriptors = 256;

    /// <summary>
    /// The fewest that a daemon starts with: it has 230 open without a turn (measured), and with 270 its first turns fail.
    /// </summary>
    public const long MinOfDaemon = 512;

    /// <summary>Raises the limit on open files as far as it may be, and says why that is not enough; null if it is.</summary>
    /// <param name="needed">How many are needed.</param>
    public static string? WhyNot(long needed)
    {
        var limit = DescriptorLimit.Raise();
        return limit >= needed
            ? null
            : FormattableString.Invariant(
                $"plexum-codex may have only {limit} files open at once and needs at least {needed}. Raise the limit: ulimit -n "
            ) + "in a shell, LimitNOFILE= in a systemd unit, or nofile in /etc/security/limits.conf.";
    }
}
