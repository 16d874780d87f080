using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using Plexum.Codex.Posix;

namespace Plexum.Codex.Processes;

/// <summary>A process that is not our child, held by a pidfd, which can never refer to another process. Needs Linux 5.3.</summary>
internal sealed class ForeignProcess : CodexProcess.Target
{
    // New system calls have the same number on every architecture.
    private const nint PidfdSendSignal = 424;
    private const nint PidfdOpen = 434;
    private const int NoSuchProcess = 3;
    private const short Readable = 1;

    private readonly SafeFileHandle _process;

    private ForeignProcess(SafeFileHandle process) => _process = process;

    /// <summary>Opens the process; null if it has ended.</summary>
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

        // Checked after opening: if it is the right process now, it was the right one when it was opened.
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
        while (Libc.Poll(ref entry, 1, -1) < 0 && CodexProcess.Interrupted()) { }

        return ProcessExit.Unknown;
    }

    public override bool Signal(int signal) => Libc.Syscall(PidfdSendSignal, (nint)_process.DangerousGetHandle(), signal, 0, 0) == 0;

    public void WaitAndClose()
    {
        using (_process)
        {
            Wait();
        }
    }

    public bool SignalAndClose(int signal)
    {
        using (_process)
        {
            return Signal(signal);
        }
    }
}
