using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using Plexum.Codex.Posix;

namespace Plexum.Codex.Processes;

/// <summary>A process that is no child of ours, held by a pidfd, which never means another process. Needs Linux 5.3.</summary>
internal sealed class ForeignProcess : CodexProcess.Target
{
    // New system calls have the same number on every processor.
    private const nint PidfdSendSignal = 424;
    private const nint PidfdOpen = 434;
    private const int NoSuchProcess = 3;
    private const short Readable = 1;

    private readonly SafeFileHandle _process;

    private ForeignProcess(SafeFileHandle process) => _process = process;

    /// <summary>Null when that very process has ended.</summary>
    public static ForeignProcess? Open(ProcessIdentity identity)
    {
        var descriptor = (int)Libc.Syscall(PidfdOpen, identity.Pid, 0, 0, 0);
        if (descriptor < 0)
        {
            return Marshal.GetLastPInvokeError() == NoSuchProcess
                ? null
                : throw new CodexException($"{identity} cannot be watched: {Libc.LastErrorText()}. Linux 5.3 or newer is needed.");
        }

        var process = new ForeignProcess(new SafeFileHandle(descriptor, ownsHandle: true));

        // Looked at after the opening: if it is the right one now, it was so when it was opened.
        if (identity.IsRunning)
        {
            return process;
        }

        process._process.Dispose();
        return null;
    }

    public override ProcessExit Wait()
    {
        var entry = new Libc.PollEntry { File = (int)_process.DangerousGetHandle(), Events = Readable };
        while (Libc.Poll(ref entry, 1, -1) < 0 && CodexProcess.Interrupted())
        {
        }

        return ProcessExit.Unknown;
    }

    public override bool Signal(int signal) =>
        Libc.Syscall(PidfdSendSignal, (nint)_process.DangerousGetHandle(), signal, 0, 0) == 0;

    public bool SignalAndClose(int signal)
    {
        using (_process)
        {
            return Signal(signal);
        }
    }
}
