using System.Runtime.InteropServices;
using Plexum.Codex.Posix;
using Plexum.Codex.Processes.Table;

namespace Plexum.Codex.Processes.Lineage;

/// <summary>
/// Makes this process the parent of every orphan among its descendants (<c>PR_SET_CHILD_SUBREAPER</c> of prctl(2)), so that what codex
/// started stays recognisable, and reaps orphans that have ended. Only children in other sessions than this process's are taken for
/// orphans: codex has its own session, and .NET reaps the programs that it starts, which stay in ours.
/// </summary>
public sealed partial class OrphanKeeper : IDisposable
{
    /// <summary>How often ended orphans are looked for. One is reaped when it is found for the second time.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    private const int SetChildSubreaper = 36;
    private const int AnyChild = 0;
    private const int NoWait = 1;
    private const int Exits = 4;
    private const int LeaveWaitable = 0x0100_0000;

    private static readonly Lock Gate = new();
    private static int _keepers;

    private readonly ITimer _timer;
    private readonly int _session;
    private HashSet<(int Pid, long StartedAt)> _ended = [];
    private bool _disposed;

    private OrphanKeeper(TimeProvider time)
    {
        _session = ProcessEntry.Read(Environment.ProcessId)?.Session ?? 0;
        _timer = time.CreateTimer(_ => Sweep(), null, Interval, Interval);
    }

    /// <summary>Begins to keep orphans.</summary>
    /// <param name="time">The clock.</param>
    /// <exception cref="CodexException">The kernel does not allow it.</exception>
    public static OrphanKeeper Start(TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(time);
        lock (Gate)
        {
            if (Prctl(SetChildSubreaper, 1, 0, 0, 0) != 0)
            {
                throw new CodexException(
                    $"The daemon cannot keep the processes of turns as its descendants: {Libc.LastErrorText()}. "
                        + "Run it where prctl(2) may set PR_SET_CHILD_SUBREAPER."
                );
            }

            _keepers++;
        }

        return new OrphanKeeper(time);
    }

    /// <summary>Leaves orphans to the next one up, as any process does.</summary>
    public void Dispose()
    {
        _timer.Dispose();
        lock (Gate)
        {
            if (!_disposed && --_keepers == 0)
            {
                _ = Prctl(SetChildSubreaper, 0, 0, 0, 0);
            }

            _disposed = true;
        }
    }

    // A child that this process waits for may be found once, between its end and its being reaped, but not for a whole interval.
    private void Sweep()
    {
        lock (Gate)
        {
            try
            {
                var ended = HasEndedChild() ? FindOrphans() : [];
                foreach (var (pid, _) in ended.Where(_ended.Contains))
                {
                    _ = Libc.WaitPid(pid, out _, NoWait);
                }

                _ended = ended;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // /proc could not be listed. The orphans stay for the next time.
            }
        }
    }

    private HashSet<(int Pid, long StartedAt)> FindOrphans() =>
        [
            .. ProcessEntry
                .ReadAll()
                .Where(e => e.IsZombie && e.Parent == Environment.ProcessId && e.Session != _session && !CodexProcess.IsAwaited(e.Pid))
                .Select(e => (e.Pid, e.StartedAt)),
        ];

    // One call, so that a daemon without orphans does next to nothing. The first field of the result is the signal, 0 for no child.
    private static bool HasEndedChild()
    {
        Span<byte> info = stackalloc byte[256];
        info.Clear();
        return Libc.WaitId(AnyChild, 0, info, Exits | NoWait | LeaveWaitable) == 0 && MemoryMarshal.Read<int>(info) != 0;
    }

    [LibraryImport("libc", EntryPoint = "prctl", SetLastError = true)]
    private static partial int Prctl(int option, nuint first, nuint second, nuint third, nuint fourth);
}
