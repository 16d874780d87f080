using Plexum.Codex.Posix.Resources;

namespace Plexum.Codex.Host.Health.Probes;

/// <summary>How many descriptors a process may open, and how many it has open.</summary>
/// <param name="Open">Those that are open.</param>
/// <param name="Limit">The most it may have open; <see cref="long.MaxValue"/> if there is no limit.</param>
internal sealed record DescriptorProbe(long Open, long Limit)
{
    /// <summary>
    /// The limit below which a daemon gets into difficulties: it and its libraries need about 200, and each turn and each reader of events
    /// a few more.
    /// </summary>
    public const long MinLimit = 1024;

    // Too few to start codex with its three files, a socket of tools and a connection that asks what is wrong.
    private const long MinFree = 32;

    // open(2): this process has no descriptor left, or no process has.
    private const int TooManyOfThis = 24;
    private const int TooManyOfAll = 23;

    /// <summary>Looks at this process.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static DescriptorProbe OfThis() => Of("self", ProcessLimits.OfThis());

    /// <summary>Looks at another process of this user.</summary>
    /// <exception cref="IOException">It cannot be read, for example because it has ended.</exception>
    public static DescriptorProbe OfProcess(int pid) => Of(FormattableString.Invariant($"{pid}"), ProcessLimits.OfProcess(pid));

    /// <summary>Whether something failed because there is not one descriptor left. A probe fails so too: it opens files of /proc.</summary>
    public static bool IsShortage(IOException e) => e.HResult is TooManyOfThis or TooManyOfAll;

    /// <summary>What is wrong, as a sentence; null if nothing is.</summary>
    public string? Problem =>
        Limit - Open < MinFree ? FormattableString.Invariant($"{Open} of at most {Limit} files and sockets are open.")
        : Limit < MinLimit ? FormattableString.Invariant($"At most {Limit} files and sockets may be open at once.")
        : null;

    private static DescriptorProbe Of(string pid, ProcessLimits limits)
    {
        try
        {
            return new DescriptorProbe(new DirectoryInfo($"/proc/{pid}/fd").EnumerateFileSystemInfos().LongCount(), limits.OpenFiles);
        }
        catch (UnauthorizedAccessException e)
        {
            throw new IOException($"The open files of process {pid} cannot be counted: {e.Message}", e);
        }
    }
}
