using Plexum.Codex.Posix;

namespace Plexum.Codex.Host.Health;

/// <summary>
/// What the program needs of the system before it can do anything. With fewer descriptors, .NET fails in odd ways: it does not find its
/// assemblies, reports that memory is exhausted, or ends without a word.
/// </summary>
internal static class StartLimits
{
    /// <summary>The fewest descriptors that this program starts with. A daemon needs more for its turns and readers.</summary>
    public const long MinDescriptors = 256;

    /// <summary>Raises the limit on open files as far as it may be, and says why that is not enough; null if it is.</summary>
    public static string? WhyNot()
    {
        var limit = DescriptorLimit.Raise();
        return limit >= MinDescriptors
            ? null
            : FormattableString.Invariant(
                $"plexum-codex may have only {limit} files open at once and needs at least {MinDescriptors}. Raise the limit: ulimit -n "
            ) + "in a shell, LimitNOFILE= in a systemd unit, or nofile in /etc/security/limits.conf.";
    }
}
