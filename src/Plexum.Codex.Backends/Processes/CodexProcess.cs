using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Globalization;
using Plexum.Codex.Posix;

namespace Plexum.Codex.Processes;

/// <summary>
/// A running codex, started by this process or left behind by an earlier one. A signal reaches exactly that process or none,
/// however late it is sent.
/// </summary>
public sealed class CodexProcess
{
    private const int WatchStackBytes = 128 * 1024;

    private static readonly ConcurrentDictionary<int, bool> Awaited = new();

    private readonly Lock _gate = new();
    private readonly Target _target;
    private readonly TaskCompletionSource<ProcessExit> _exited = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private ImmutableArray<Survivor> _behind = [];

    private CodexProcess(ProcessIdentity identity, Target target)
    {
        Identity = identity;
        _target = target;

        // A thread blocked in the kernel sees the exit at once, and costs little beside the 150 MB of a codex.
        new Thread(Watch, WatchStackBytes)
        {
            IsBackground = true,
            Name = string.Create(CultureInfo.InvariantCulture, $"codex {identity.Pid}"),
        }.Start();
    }

    private CodexProcess(ProcessIdentity identity)
    {
        (Identity, _target) = (identity, GoneProcess.Instance);
        _exited.SetResult(ProcessExit.Unknown);
    }

    /// <summary>Which process it is.</summary>
    public ProcessIdentity Identity { get; }

    /// <summary>
    /// Completes when it has ended, and what was behind it when it was signalled as well: a shim may end at once at a signal on which codex
    /// records the interruption. With <see cref="ProcessExit.Unknown"/> if an earlier process started it.
    /// </summary>
    public Task<ProcessExit> Exited => _exited.Task;

    /// <summary>Attaches to a process that an earlier process started. It may already have ended.</summary>
    /// <exception cref="CodexException">The kernel cannot watch other processes' children.</exception>
    public static CodexProcess Attach(ProcessIdentity identity)
    {
        ArgumentNullException.ThrowIfNull(identity);
        return ForeignProcess.Open(identity) is { } target ? new CodexProcess(identity, target) : new CodexProcess(identity);
    }

    /// <summary>
    /// Sends a signal. A shim that waits for codex may keep it to itself, as at a terminal, where codex gets it too; so what is behind the
    /// shim gets it as well. If codex then gets it twice, it does the same as for one (measured on 0.169.0 and 0.171.0). File work.
    /// </summary>
    /// <returns>False if the process and what is behind it have already ended.</returns>
    /// <exception cref="CodexException">It could not be sent to all; it was sent to all others.</exception>
    public bool Signal(ProcessSignal signal)
    {
        Exception? failure = null;
        var found = Try(() => Survivor.BehindShim(Identity), []);
        ImmutableArray<Survivor> behind;
        lock (_gate)
        {
            behind = _behind = [.. _behind.Concat(found).DistinctBy(process => process.Identity)];
        }

        var isReached = _target.Signal((int)signal);
        foreach (var process in behind)
        {
            isReached |= Try(() => process.Signal(signal), false);
        }

        return failure is null
            ? isReached
            : throw new CodexException($"A signal for {Identity} may not have reached what it has started: {failure.Message}", failure);

        T Try<T>(Func<T> step, T otherwise)
        {
            try
            {
                return step();
            }
            catch (Exception e) when (e is CodexException or IOException or UnauthorizedAccessException)
            {
                failure ??= e;
                return otherwise;
            }
        }
    }

    /// <summary>Whether a child of this process has a thread that waits for its end, and that needs its exit code.</summary>
    internal static bool IsAwaited(int pid) => Awaited.ContainsKey(pid);

    internal static CodexProcess OfChild(int pid)
    {
        Awaited[pid] = true;

        // A child stays in the process table until it is reaped, so it can be read.
        var identity = ProcessIdentity.Read(pid) ?? new ProcessIdentity(pid, 0, ProcessIdentity.CurrentBootId);
        return new CodexProcess(identity, new ChildProcess(pid));
    }

    private void Watch()
    {
        var exit = _target.Wait();
        for (var waitedFor = 0; NextBehind(waitedFor) is { } process; waitedFor++)
        {
            process.AwaitEnd();
        }

        _exited.SetResult(exit);
    }

    private Survivor? NextBehind(int index)
    {
        lock (_gate)
        {
            return index < _behind.Length ? _behind[index] : null;
        }
    }

    /// <summary>How to wait for a process and signal it.</summary>
    internal abstract class Target
    {
        /// <summary>Blocks until the process has ended. Called once.</summary>
        public abstract ProcessExit Wait();

        /// <summary>Sends a signal; false if the process has ended.</summary>
        public abstract bool Signal(int signal);
    }

    private sealed class ChildProcess(int pid) : Target
    {
        private const int ByPid = 1;
        private const int Exits = 4;
        private const int LeaveWaitable = 0x0100_0000;

        private readonly Lock _gate = new();
        private bool _gone;

        public override ProcessExit Wait()
        {
            Span<byte> info = stackalloc byte[256];
            while (Libc.WaitId(ByPid, pid, info, Exits | LeaveWaitable) != 0 && Interrupted()) { }

            // From here on another process may get this pid, so no signal may be in flight.
            lock (_gate)
            {
                _gone = true;
                Awaited.TryRemove(pid, out _);
                return Libc.WaitPid(pid, out var status, 0) == pid ? ProcessExit.FromWaitStatus(status) : ProcessExit.Unknown;
            }
        }

        public override bool Signal(int signal)
        {
            lock (_gate)
            {
                return !_gone && Libc.Kill(pid, signal) == 0;
            }
        }
    }

    private sealed class GoneProcess : Target
    {
        public static GoneProcess Instance { get; } = new();

        public override ProcessExit Wait() => ProcessExit.Unknown;

        public override bool Signal(int signal) => false;
    }

    internal static bool Interrupted() => System.Runtime.InteropServices.Marshal.GetLastPInvokeError() == 4;
}
